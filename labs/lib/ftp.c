/* ftp.c: see ftp.h. */
#include "lib/ftp.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { FIRST_FREE_PORT = 1024, LAST_PORT = 65535 };

/* The address of one end of a connection, in digits; "" if it has none. */
static void name_end(int fd, bool other, char *host, char *port)
{
	struct sockaddr_storage end;
	socklen_t size = sizeof end;
	int result = other ? getpeername(fd, (struct sockaddr *)&end, &size)
	                   : getsockname(fd, (struct sockaddr *)&end, &size);
	if (result < 0 || getnameinfo((struct sockaddr *)&end, size, host, FTP_HOST_BYTES, port,
	                              FTP_PORT_BYTES, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		host[0] = port[0] = '\0';
}

void ftp_data_init(struct ftp_data *data, int dialogue)
{
	char unused[FTP_PORT_BYTES];
	*data = (struct ftp_data){.passive = -1};
	name_end(dialogue, false, data->me, unused);
	name_end(dialogue, true, data->peer, unused);
}

void ftp_data_forget(struct ftp_data *data)
{
	if (data->passive >= 0)
		(void)close(data->passive); /* it has sent nothing */
	data->passive = -1;
	data->host[0] = '\0';
}

int ftp_data_listen(struct ftp_data *data)
{
	char host[FTP_HOST_BYTES], port[FTP_PORT_BYTES];
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *a;
	ftp_data_forget(data);
	if (getaddrinfo(data->me, "0", &hints, &a) != 0) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool listens = fd >= 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 1) == 0;
	freeaddrinfo(a);
	data->passive = fd;
	if (!listens) {
		ftp_data_forget(data);
		return -1;
	}
	name_end(fd, false, host, port);
	return (int)strtol(port, NULL, 10);
}

bool ftp_data_call(struct ftp_data *data, const char *host, unsigned port)
{
	ftp_data_forget(data);
	if (strcmp(host, data->peer) != 0 || port < FIRST_FREE_PORT || port > LAST_PORT)
		return false;
	(void)snprintf(data->host, sizeof data->host, "%s", host); /* as long as `peer`: it fits */
	(void)snprintf(data->port, sizeof data->port, "%u", port);
	return true;
}

/* The other end's connection to us, or -1 with errno. */
static int take_call(const struct ftp_data *data, int limit_ms)
{
	char host[FTP_HOST_BYTES], port[FTP_PORT_BYTES];
	struct pollfd wanted = {.fd = data->passive, .events = POLLIN};
	int ready = poll(&wanted, 1, limit_ms);
	errno = ready == 0 ? ETIMEDOUT : errno;
	int fd = ready > 0 ? accept4(data->passive, NULL, NULL, SOCK_CLOEXEC) : -1;
	if (fd < 0)
		return -1;
	name_end(fd, true, host, port);
	if (strcmp(host, data->peer) == 0)
		return fd;
	(void)close(fd); /* somebody else has guessed the port, and would get the file */
	errno = EPERM;
	return -1;
}

int ftp_data_open(struct ftp_data *data, int limit_ms)
{
	struct timeval limit = {.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000};
	int fd = -1;
	errno = ENOTCONN;
	if (data->passive >= 0)
		fd = take_call(data, limit_ms);
	else if (data->host[0] != '\0')
		fd = connect_to((struct place){data->host, data->port}, SOCK_STREAM, limit_ms);
	int error = errno;
	if (fd >= 0) /* who reads nothing holds us no longer than that */
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	ftp_data_forget(data);
	errno = error == EINPROGRESS ? ETIMEDOUT : error;
	return fd;
}
