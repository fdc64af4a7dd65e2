/* opener.c: see opener.h. Requests and replies are messages of fixed size on a socket pair; the
 * descriptor comes beside the reply (SCM_RIGHTS, unix(7)). */
#include "capture/opener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "capture/confine.h"

struct request {
	int64_t since_s;
	uint32_t number;
	uint32_t unused; /* so that there is no gap */
};

struct reply {
	int error; /* errno; 0: a descriptor comes with it */
	char name[PATH_MAX];
};

struct opener {
	int fd;
};

/* Room for one descriptor beside a message, in the form that the kernel wants. */
union passenger {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* ---- the helper ---- */

static int open_named(const struct rotate_config *config, const struct request *request,
                      struct reply *reply)
{
	struct text name = text_of(reply->name, sizeof reply->name);

	if (!rotate_name(config, request->since_s, request->number, &name)) {
		reply->error = ENAMETOOLONG;
		return -1;
	}
	int fd = open(reply->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	reply->error = fd < 0 ? errno : 0;
	return fd;
}

static bool answer(int socket, struct reply *reply, int fd)
{
	union passenger passenger = {.bytes = {0}};
	struct iovec bytes = {reply, sizeof *reply};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};

	if (fd >= 0) {
		message.msg_control = passenger.bytes;
		message.msg_controllen = sizeof passenger.bytes;
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(head), &fd, sizeof fd);
	}
	ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	if (fd >= 0)
		(void)close(fd); /* it is on its way; nothing was written through this one */
	return sent == (ssize_t)sizeof *reply;
}

/* Until the other end is closed. */
static void serve(int socket, const struct rotate_config *config)
{
	struct request request;

	while (io_read_full(socket, &request, sizeof request) == (ssize_t)sizeof request) {
		struct reply reply = {.error = 0};
		int fd = open_named(config, &request, &reply);
		if (!answer(socket, &reply, fd))
			return;
	}
}

/* Signals for the group (Ctrl-C) are the tracer's business; this process ends after it. */
static void be_the_helper(int socket, const struct rotate_config *config)
{
	struct err err;
	sigset_t all;

	(void)sigfillset(&all);                   /* cannot fail */
	(void)sigprocmask(SIG_BLOCK, &all, NULL); /* nor can this */
	if (dup2(socket, STDERR_FILENO + 1) < 0)
		_exit(1);
	(void)close_range(STDERR_FILENO + 2, ~0U, 0); /* an old kernel: they stay open */
	if (confine_opener(&err) == 0)
		serve(STDERR_FILENO + 1, config);
	_exit(0);
}

/* ---- the tracer's end ---- */

struct opener *opener_start(const struct rotate_config *config, struct err *err)
{
	struct opener *opener = malloc(sizeof *opener);
	int ends[2];

	if (!opener || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		(void)err_errno(err, _("cannot start the helper that opens files"));
		free(opener);
		return NULL;
	}
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	(void)sigaction(SIGCHLD, &ignore, NULL); /* nobody waits for the helper; cannot fail */
	pid_t child = fork();
	if (child == 0)
		be_the_helper(ends[1], config);
	(void)close(ends[1]); /* the helper has its own */
	opener->fd = ends[0];
	if (child > 0)
		return opener;
	(void)err_errno(err, _("cannot start the helper that opens files"));
	opener_close(opener);
	return NULL;
}

/* The descriptor that came with the reply, or -1. */
static int passenger_of(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(head), sizeof fd);
	return fd;
}

/* The reply in one message: it is small, so it comes whole. -1 when the helper is gone. */
static int receive(int socket, struct reply *reply, int *fd)
{
	union passenger passenger;
	struct iovec bytes = {reply, sizeof *reply};
	struct msghdr message = {.msg_iov = &bytes,
	                         .msg_iovlen = 1,
	                         .msg_control = passenger.bytes,
	                         .msg_controllen = sizeof passenger.bytes};
	ssize_t n;

	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof *reply)
		return -1;
	*fd = passenger_of(&message);
	return 0;
}

int opener_open(struct opener *opener, int64_t since_s, uint32_t number, struct text *name,
                struct err *err)
{
	struct request request = {.since_s = since_s, .number = number};
	struct reply reply;
	int fd = -1;

	if (io_write_all(opener->fd, &request, sizeof request) != 0 ||
	    receive(opener->fd, &reply, &fd) != 0)
		return err_set(err, "%s", _("the helper that opens files has ended"));
	text_add(name, reply.name);
	if (reply.error == 0)
		return fd;
	errno = reply.error;
	return err_errno(err, _("%s cannot be written"), reply.name);
}

void opener_close(struct opener *opener)
{
	if (!opener)
		return;
	(void)close(opener->fd); /* tells the helper to end */
	free(opener);
}
