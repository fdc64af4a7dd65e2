/* 37 WebSocket, your server, for one client after the other: takes the handshake, and shall say
 * back what it hears, and answer the goodbye. `wirelab check 37` tells what is wrong. */
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

#define WORD "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

enum { BACKLOG = 16, REQUEST_MAX = 4096, SHORT_MAX = 125, TEXT = 1, CLOSE = 8, LIMIT_MS = 5000 };

/* Reads up to the empty line, byte by byte: behind it there may be frames. */
static bool read_request(int fd, char request[REQUEST_MAX])
{
	for (size_t n = 0; n + 1 < REQUEST_MAX; n++) {
		if (receive_exactly(fd, request + n, 1, LIMIT_MS) != 1)
			return false;
		request[n + 1] = '\0';
		if (n >= 3 && strcmp(request + n - 3, "\r\n\r\n") == 0)
			return true;
	}
	return false;
}

/* The client's key, a string. False: there is none. */
static bool find_key(const char *request, char key[64])
{
	static const char name[] = "\r\nSec-WebSocket-Key:";
	const char *found = strcasestr(request, name);
	return found && sscanf(found + strlen(name), "%63s", key) == 1;
}

/* What proves that we speak WebSocket: base64 of the SHA-1 of the key and the WORD. */
static void make_accept(char accept[32], const char *key)
{
	/* TODO 1: this sends the key back as it came, and proves nothing. man 3 SHA1, man 3
	 * EVP_EncodeBlock */
	unsigned char digest[SHA_DIGEST_LENGTH];
	(void)digest;
	(void)EVP_EncodeBlock;
	(void)snprintf(accept, 32, "%s", key);
}

/* Takes the mask off, section 5.3. */
static void unmask(unsigned char *payload, size_t n, const unsigned char mask[4])
{
	/* TODO 2: a client masks what it says, with four bytes that come before it. */
	(void)payload;
	(void)n;
	(void)mask;
}

/* One frame, of at most SHORT_MAX bytes: that is all this server speaks. */
static bool say(int fd, int opcode, const unsigned char *payload, size_t n)
{
	unsigned char frame[2 + SHORT_MAX] = {(unsigned char)(0x80 | opcode), (unsigned char)n};
	memcpy(frame + 2, payload, n);
	return send_all(fd, frame, 2 + n) == 0;
}

/* Hears one frame and answers it. False at the end of the conversation. */
static bool serve_frame(int fd)
{
	unsigned char head[6], payload[SHORT_MAX];
	if (receive_exactly(fd, head, sizeof head, LIMIT_MS) != sizeof head)
		return false;
	int opcode = head[0] & 0x0f;
	size_t n = head[1] & 0x7f;
	if (n > SHORT_MAX || receive_exactly(fd, payload, n, LIMIT_MS) != n)
		return false;
	unmask(payload, n, head + 2);
	if (opcode == TEXT) {
		printf("Heard: %.*s\n", (int)n, (const char *)payload);
		return say(fd, TEXT, payload, n);
	}
	/* TODO 3: a goodbye, opcode CLOSE, is said back as it came; only then comes our FIN. */
	return opcode != CLOSE;
}

static void serve(int fd)
{
	char request[REQUEST_MAX], key[64], accept[32], answer[256];
	if (!read_request(fd, request) || !find_key(request, key))
		return;
	make_accept(accept, key);
	int n = snprintf(answer, sizeof answer,
	                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
	                 "Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
	                 accept);
	if (send_all(fd, answer, (size_t)n) < 0)
		return;
	while (serve_frame(fd))
		;
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "server [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			die("accept");
		serve(fd);
		close(fd); /* our FIN is the first */
	}
}
