/* 25 fork, the server: a process for each client. fork() copies the process with all its
 * descriptors, so every connection is open twice, and each of the two has to close what is not its
 * business: the child the listener, the parent the connection. Children that have ended are
 * reaped: SIGCHLD tells of them. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096 };

/* Echoes until the client's FIN. */
static void serve(int fd)
{
	char buffer[4096];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			perror("server: recv");
		if (n <= 0)
			return;
		if (send_all(fd, buffer, (size_t)n) < 0) {
			perror("server: send");
			return;
		}
	}
}

/* It has no work but to be there: a signal with a handler makes accept() return with EINTR, and the
 * children are reaped at once. */
static void child_has_ended(int signal_number)
{
	(void)signal_number;
}

/* Takes those children that have ended off the kernel's list. Returns how many. */
static int reap(int flags)
{
	int n = 0;
	while (waitpid(-1, NULL, n > 0 ? WNOHANG : flags) > 0)
		n++;
	return n;
}

/* Returns 1 for a child that now runs, 0 if there is none. */
static int serve_in_child(int listener, int fd)
{
	pid_t pid = fork();
	if (pid == 0) {
		close(listener); /* or the port stays taken as long as this client stays */
		serve(fd);
		_exit(0); /* the kernel closes fd. It was the last copy: FIN */
	}
	if (pid < 0)
		perror("server: fork"); /* too many processes: this client must go */
	close(fd);                      /* our copy. Without this line, no FIN */
	return pid > 0;
}

int main(int argc, char **argv)
{
	int n_children = 0, max_children = 64;
	const struct number_option options[] = {{'m', &max_children, 1, 30000}, {0}};
	struct place place =
	        begin(argc, argv, options,
	              "server [-h] [-m CHILDREN] [host [port]]    (64, 127.0.0.1 8080)");
	stop_on_signals();
	struct sigaction on_child = {.sa_handler = child_has_ended, .sa_flags = SA_NOCLDSTOP};
	if (sigaction(SIGCHLD, &on_child, NULL) < 0)
		die("sigaction");

	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		n_children -= reap(n_children < max_children ? WNOHANG : 0); /* all taken: wait */
		if (n_children >= max_children)
			continue; /* a signal came first */
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			die("accept");
		n_children += serve_in_child(listener, fd);
		printf("A child serves; children: %d\n", n_children);
	}
}
