/* 25 fork, a server with a process for each client, three of them at most. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CHILDREN = 3 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

/* No work but to be there: a signal with a handler makes accept() return with EINTR. */
static void child_has_ended(int signal_number)
{
	(void)signal_number;
}

static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *a;
	int on = 1;
	if (getaddrinfo(host, port, &hints, &a) != 0)
		die("no such host or port");
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, 16) < 0)
		die("cannot listen");
	freeaddrinfo(a);
	return fd;
}

/* Echoes until the client's FIN, or until something fails. */
static void serve(int fd)
{
	char buffer[1024];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || send(fd, buffer, (size_t)n, MSG_NOSIGNAL) != n)
			return;
	}
}

/* Asks about children that have ended, waiting for one if must_wait. Returns how many. */
static int reap(int must_wait)
{
	int n = 0;
	while (waitpid(-1, NULL, must_wait && n == 0 ? 0 : WNOHANG) > 0)
		n++;
	return n;
}

/* Returns 1: a child serves that client; 0: there is none. */
static int serve_in_child(int listener, int fd)
{
	pid_t pid = fork();
	if (pid == 0) {
		close(listener);
		serve(fd);
		_exit(0); /* the kernel closes what is open: the child's copy of fd */
	}
	if (pid < 0)
		perror("server: fork");
	close(fd); /* the parent's copy: now the child has the last one */
	return pid > 0;
}

int main(int argc, char **argv)
{
	int n_children = 0;
	struct sigaction on_stop = {.sa_handler = stop}, on_child = {.sa_handler = child_has_ended};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGCHLD, &on_child, NULL) < 0)
		die("sigaction");
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */
	int listener = listen_on(argc > 1 ? argv[1] : "127.0.0.1", argc > 2 ? argv[2] : "8080");
	for (;;) {
		n_children -= reap(n_children == MAX_CHILDREN);
		if (n_children == MAX_CHILDREN)
			continue; /* a signal came first */
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue; /* EINTR: a child has ended, probably */
		if (fd < 0)
			die("accept");
		n_children += serve_in_child(listener, fd);
		printf("Children: %d of %d\n", n_children, MAX_CHILDREN);
	}
}
