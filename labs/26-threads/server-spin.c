/* 26 threads, the server whose accept() loop is the documents': an error is reported, and on it
 * goes. When there are no descriptors left accept() fails at once, and will fail at once the next
 * time: the loop spins, and prints, until somebody leaves. `diff server-spin.c server.c`. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096 };

/* Echoes until the client's FIN. */
static void *serve(void *arg)
{
	int fd = *(int *)arg;
	char buffer[4096];
	free(arg);
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || send_all(fd, buffer, (size_t)n) < 0)
			break;
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	int descriptors = 8;
	pthread_t thread;
	const struct number_option options[] = {{'f', &descriptors, 5, 100000}, {0}};
	struct place place =
	        begin(argc, argv, options,
	              "server-spin [-h] [-f DESCRIPTORS] [host [port]]    (8, 127.0.0.1 8080)");
	struct rlimit limit = {.rlim_cur = (rlim_t)descriptors, .rlim_max = (rlim_t)descriptors};
	stop_on_signals();
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("setrlimit");

	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0) {
			printf("accept error: %s\n", strerror(errno));
			continue; /* the documents' loop */
		}
		int *gift = malloc(sizeof *gift); /* the thread frees it */
		if (gift)
			*gift = fd;
		int error = gift ? pthread_create(&thread, NULL, serve, gift) : ENOMEM;
		if (error == 0)
			error = pthread_detach(thread);
		if (error != 0)
			printf("thread: %s\n", strerror(error));
	}
}
