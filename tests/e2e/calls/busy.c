/* busy.c: a client that does one thing which a tracer of calls could get wrong, and says by its
 * exit status whether it went as it does without one. Built by calls.sh: busy HOST PORT MODE. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FLOOD = 100000, THREADS = 4, MANY_FORKS = 300 };

#define MUST(condition) must((condition), #condition)

static char **words; /* argv */

static void must(int holds, const char *condition)
{
	if (holds)
		return;
	fprintf(stderr, "not so: %s (%s)\n", condition, strerror(errno));
	exit(1);
}

static int dial(int flags)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)strtol(words[2], NULL, 10))};
	inet_pton(AF_INET, words[1], &to.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM | flags, 0);
	MUST(fd >= 0);
	int result = connect(fd, (struct sockaddr *)&to, sizeof to);
	MUST(result == 0 || (flags & SOCK_NONBLOCK && errno == EINPROGRESS));
	return fd;
}

/* Sends a line and gets it back. */
static void *talk(void *unused)
{
	char back[8];
	int fd = dial(0);
	MUST(write(fd, "hello\n", 6) == 6 && recv(fd, back, 6, MSG_WAITALL) == 6);
	MUST(close(fd) == 0);
	return unused;
}

static int do_talk(void)
{
	talk(NULL);
	return 0;
}

static int do_threads(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, talk, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	return 0;
}

static int do_fork(void)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		talk(NULL);
		_exit(5);
	}
	MUST(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 5);
	for (int i = 0; i < MANY_FORKS; i++) {
		pid = fork();
		if (pid == 0)
			_exit(i & 0x7f);
		MUST(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == (i & 0x7f));
	}
	talk(NULL);
	return 0;
}

/* system() is vfork() and exec; the shell itself starts this program again. */
static int do_shell(void)
{
	char command[512];
	snprintf(command, sizeof command, "'%s' %s %s talk && (exit 7)", words[0], words[1],
	         words[2]);
	int status = system(command);
	MUST(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	return 0;
}

static void *execute(void *unused)
{
	char *again[] = {words[0], words[1], words[2], (char *)"talk", NULL};
	execv(words[0], again);
	return unused;
}

/* Another thread than the first executes; a third is in a call, which never returns. */
static void *wait_for_ever(void *unused)
{
	char byte;
	(void)!read(dial(0), &byte, 1);
	return unused;
}

static int do_exec(void)
{
	pthread_t waits, executes;
	MUST(pthread_create(&waits, NULL, wait_for_ever, NULL) == 0);
	usleep(50000);
	MUST(pthread_create(&executes, NULL, execute, NULL) == 0);
	pthread_join(executes, NULL);
	return 1;
}

/* The server closes; the second write to it is answered by SIGPIPE. */
static int do_sigpipe(void)
{
	int fd = dial(0);
	MUST(write(fd, "bye\n", 4) == 4);
	usleep(100000);
	for (int i = 0; i < 100; i++) {
		(void)!write(fd, "x", 1);
		usleep(1000);
	}
	return 1;
}

static int do_nonblocking(void)
{
	char byte;
	struct epoll_event event = {.events = EPOLLIN};
	int fd = dial(SOCK_NONBLOCK), error, epoll = epoll_create1(0);
	socklen_t len = sizeof error;
	struct pollfd one = {.fd = fd, .events = POLLOUT};
	MUST(poll(&one, 1, 5000) == 1 && one.revents == POLLOUT);
	MUST(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0);
	MUST(read(fd, &byte, 1) == -1 && errno == EAGAIN);
	MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
	MUST(epoll_wait(epoll, &event, 1, 20) == 0);
	MUST(write(fd, "x\n", 2) == 2);
	MUST(epoll_wait(epoll, &event, 1, 5000) == 1);
	MUST(fcntl(fd, F_SETFL, 0) == 0);
	MUST(read(fd, &byte, 1) == 1 && byte == 'x');
	return 0;
}

static int do_refused(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	inet_pton(AF_INET, words[1], &to.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	MUST(connect(fd, (struct sockaddr *)&to, sizeof to) == -1 && errno == ECONNREFUSED);
	talk(NULL);
	return 0;
}

static volatile sig_atomic_t alarms;

static void on_alarm(int signal)
{
	(void)signal;
	alarms++;
}

/* A read() that a signal interrupts: once with EINTR, once it is done again. */
static int do_signals(void)
{
	char byte;
	int fd = dial(0);
	struct sigaction action = {.sa_handler = on_alarm};
	sigaction(SIGALRM, &action, NULL);
	ualarm(50000, 0);
	MUST(read(fd, &byte, 1) == -1 && errno == EINTR && alarms == 1);
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	if (fork() == 0) {
		usleep(150000);
		_exit(write(fd, "y\n", 2) == 2 ? 0 : 1);
	}
	ualarm(50000, 0);
	MUST(read(fd, &byte, 1) == 1 && byte == 'y' && alarms == 2);
	return 0;
}

/* A child is stopped and goes on; its parent hears of both. */
static int do_stop(void)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		talk(NULL);
		struct pollfd none = {.fd = dial(0), .events = POLLIN};
		_exit(poll(&none, 1, 300) == 0 ? 6 : 1);
	}
	MUST(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	usleep(50000);
	MUST(waitpid(pid, &status, WNOHANG | WUNTRACED) == 0);
	MUST(kill(pid, SIGCONT) == 0);
	MUST(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status));
	usleep(100000);
	MUST(kill(pid, SIGSTOP) == 0 && waitpid(pid, &status, WUNTRACED) == pid &&
	     WIFSTOPPED(status));
	MUST(kill(pid, SIGCONT) == 0); /* the poll() goes on where it was */
	MUST(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 6);
	return 0;
}

/* A descriptor that came in a message, and one that was duplicated, are sockets too. */
static int do_passed(void)
{
	int pair[2], fd = dial(0);
	char byte = 0, control[CMSG_SPACE(sizeof fd)] = {0};
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
	                         .msg_iovlen = 1,
	                         .msg_control = control,
	                         .msg_controllen = sizeof control};
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	*header = (struct cmsghdr){
	        .cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	MUST(sendmsg(pair[0], &message, 0) == 1 && close(fd) == 0);
	MUST(recvmsg(pair[1], &message, 0) == 1);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	MUST(dup2(fd, 77) == 77 && close(fd) == 0);
	MUST(write(77, "z\n", 2) == 2 && read(77, &byte, 1) == 1 && byte == 'z');
	return 0;
}

/* Whether it may or not (a sandbox forbids it), it has tried. */
static int do_uring(void)
{
	char parameters[256] = {0};
	(void)!syscall(SYS_io_uring_setup, 1, parameters);
	return do_talk();
}

static int do_flood(void)
{
	int fd = dial(0);
	for (int i = 0; i < FLOOD; i++)
		MUST(write(fd, "", 1) == 1);
	return 0;
}

static const struct mode {
	const char *name;
	int (*run)(void);
} modes[] = {
        {"talk", do_talk},
        {"threads", do_threads},
        {"fork", do_fork},
        {"shell", do_shell},
        {"exec", do_exec},
        {"sigpipe", do_sigpipe},
        {"nonblocking", do_nonblocking},
        {"refused", do_refused},
        {"signals", do_signals},
        {"stop", do_stop},
        {"passed", do_passed},
        {"uring", do_uring},
        {"flood", do_flood},
};

int main(int argc, char **argv)
{
	words = argv;
	for (size_t i = 0; argc == 4 && i < sizeof modes / sizeof *modes; i++) {
		if (strcmp(argv[3], modes[i].name) == 0)
			return modes[i].run();
	}
	fprintf(stderr, "usage: busy HOST PORT MODE\n");
	return 2;
}
