/* tls_layer.c: see tls_layer.h. */
#include "lib/tls_layer.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "lib/tls.h"

enum { REASON_BYTES = 256 };

static int tls_open(struct conn *c)
{
	const struct tls_service *tls = (const void *)c->loop->service; /* its first member */
	SSL *ssl = SSL_new(tls->context);
	if (!ssl || !SSL_set_fd(ssl, c->fd)) {
		SSL_free(ssl);
		return -1;
	}
	SSL_set_accept_state(ssl); /* the handshake is part of the first read */
	/* The loop's buffer may have moved, and have more in it, when a write is tried again. */
	(void)SSL_set_mode(ssl,
	                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	c->layer = ssl;
	return 0;
}

/* After a failure only the socket is left, and on it what the client still says is read: closed
 * with bytes unread, it would send a RST, and our alert would be lost. */
static bool has_failed(const SSL *ssl)
{
	return SSL_get_app_data(ssl) != NULL;
}

static void fail(struct conn *c, int result)
{
	static const char plain[] =
	        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
	        "Content-Type: text/plain\r\n\r\nHere TLS is spoken: https://\n";
	char text[REASON_BYTES];
	SSL *ssl = c->layer;
	bool is_http = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
	printf("A connection ends: %s\n", tls_reason(ssl, result, text, sizeof text));
	ERR_clear_error();
	if (is_http) /* a first word into an empty buffer: it goes, or nothing can be done */
		(void)send(c->fd, plain, sizeof plain - 1, MSG_NOSIGNAL);
	(void)SSL_set_app_data(ssl, ssl);
	c->out.n = 0; /* nothing of that can be said any more */
	conn_finish(c);
}

/* What the call that did not succeed waits for, in *wants, and EAGAIN; or the end. As recv() and
 * send() return it. */
static ssize_t not_now(struct conn *c, int result, uint32_t *wants)
{
	int error = SSL_get_error(c->layer, result);
	if (error == SSL_ERROR_ZERO_RETURN)
		return 0; /* its close_notify */
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		*wants = error == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT;
	else
		fail(c, result);
	errno = EAGAIN;
	return -1;
}

static int at_most_int(size_t n)
{
	return n < INT_MAX ? (int)n : INT_MAX;
}

static ssize_t tls_read(struct conn *c, void *buffer, size_t n)
{
	if (has_failed(c->layer))
		return recv(c->fd, buffer, n, 0);
	ERR_clear_error(); /* or SSL_get_error() would tell of an older one */
	int result = SSL_read(c->layer, buffer, at_most_int(n));
	return result > 0 ? result : not_now(c, result, &c->read_wants);
}

static ssize_t tls_write(struct conn *c, const void *bytes, size_t n)
{
	ERR_clear_error();
	int result = SSL_write(c->layer, bytes, at_most_int(n));
	return result > 0 ? result : not_now(c, result, &c->write_wants);
}

static bool tls_pending(const struct conn *c)
{
	return !has_failed(c->layer) && SSL_pending(c->layer) > 0;
}

/* close_notify says that this was all; a FIN alone anybody could have sent. */
static int tls_finish(struct conn *c)
{
	ERR_clear_error();
	if (!has_failed(c->layer) && SSL_is_init_finished(c->layer)) {
		int result = SSL_shutdown(c->layer);
		if (result < 0 && SSL_get_error(c->layer, result) == SSL_ERROR_WANT_WRITE) {
			c->write_wants = EPOLLOUT;
			return -1;
		}
	}
	(void)shutdown(c->fd, SHUT_WR); /* ENOTCONN: it has gone */
	return 0;
}

static void tls_close(struct conn *c)
{
	SSL_free(c->layer);
	ERR_clear_error();
}

const struct layer tls_layer = {tls_open, tls_read, tls_write, tls_pending, tls_finish, tls_close};
