/* net.h: what the programs of labs from 23 on share, and the name servers of labs 21 and 22. Labs
 * 01 to 20 have every one of these calls in plain sight; from here on the lesson is another, and
 * what is the same in all of them stands here. Of a lab it knows nothing. */
#ifndef LABS_LIB_NET_H
#define LABS_LIB_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where to listen, or to connect to: the words of the command line, not copied. */
struct place {
	const char *host, *port;
};

/* An option with a number, such as "-n 5". A table of them ends with a letter of 0. */
struct number_option {
	char letter;
	int *value; /* as given, if it was given */
	int min, max;
};

/* Says "PROGRAM: what: the reason in errno" on stderr and ends with status 1. */
_Noreturn void die(const char *what);

/* Reads "[options] [host [port]]": 127.0.0.1 and 8080 where they are missing. -h prints the usage
 * line and ends with 0, anything unknown ends with 2. Also makes stdout go out line by line, to a
 * pipe too. options: NULL for none. */
struct place begin(int argc, char **argv, const struct number_option *options, const char *usage);

/* For programs with other options than numbers, which call getopt() themselves. The first prints
 * the usage line and ends the process, with 0 when it was asked for; the second reads what is left,
 * "[host [port]]", and makes stdout go out line by line. */
_Noreturn void end_with_usage(const char *usage, bool asked);
struct place rest_of_line(int argc, char **argv, const char *port, const char *usage);

/* From now on SIGTERM and SIGINT end the process at once, with status 0; the kernel closes its
 * sockets. */
void stop_on_signals(void);

/* A socket that listens (SOCK_STREAM) or is bound (SOCK_DGRAM) there; ends the process with a
 * message when that cannot be. The queue of connections before accept() holds `backlog` + 1. */
int listen_on(struct place place, int type, int backlog);

/* A socket connected to that place, of the first address that answers. limit_ms: the longest that
 * connect(), and later each send(), may take; 0: as long as the kernel tries. -1 with errno:
 * EINPROGRESS when the limit was reached. A name that cannot be looked up ends the process. */
int connect_to(struct place place, int type, int limit_ms);

/* What accept() failed with: true when there is no descriptor, or no memory, for one client more.
 * It stays in the queue, and accept() would fail again at once: wait before you try. */
bool accept_has_no_room(int error);

/* Sends all n bytes, however few each send() takes; a peer that has gone is EPIPE, not SIGPIPE. 0,
 * or -1 with errno. */
int send_all(int fd, const void *bytes, size_t n);

/* Receives until there are n bytes, the other end closes, or nothing comes for limit_ms (-1: no
 * limit). How many came; errno is 0, ETIMEDOUT or why recv() failed. */
size_t receive_exactly(int fd, void *buffer, size_t n, int limit_ms);

/* From now on a call that would wait fails with EAGAIN instead. 0, or -1 with errno. */
int set_nonblocking(int fd);

/* Starts a thread that nobody has to join, with a stack of 64 KiB: many fit. 0, or an error. */
int start_detached(void *(*function)(void *), void *arg);

/* Does nothing for so long, whatever signals come. */
void pause_ms(int ms);

/* A clock that never jumps, in microseconds. */
int64_t now_us(void);

#endif
