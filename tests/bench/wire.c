/* wire.c: how many frames a second the emulated wire carries, beside a bare loop between two packet
 * sockets, and how exactly it keeps its delay. One process is client and server: it sends as long
 * as fewer than WINDOW frames are on the way, so that nothing has to be lost. */
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner/hosts.h"
#include "runner/network.h"
#include "runner/plan.h"
#include "runner/wire.h"
#include "runner/wire_cable.h"

enum { WINDOW = 256, N_FRAMES = 300000, N_DELAYS = 300, MAX_BYTES = 1514, EVERY_PROTOCOL = 3 };

struct bench {
	struct network network;
	struct cable in, out; /* of the client and of the server, at their own ends */
	uint8_t frame[MAX_BYTES];
	pid_t drain;
	struct wire_process wire;
};

static _Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "bench-wire: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

/* At the host's own end of its cable. */
static void open_host(struct bench *bench, enum side side, struct cable *cable)
{
	struct err err;
	if (setns(bench->network.host_fd[side], CLONE_NEWNET) < 0)
		die("setns");
	int fd = cable_open_socket("eth0", &err);
	if (fd < 0 || cable_init(cable, fd) < 0)
		die("packet socket");
}

static int received(struct bench *bench, int64_t *time_ns)
{
	const uint8_t *bytes;
	uint32_t len;
	int n = 0;
	while (cable_next(&bench->out, &bytes, &len, time_ns)) {
		n += len > 14 && memcmp(bytes + 12, bench->frame + 12, 16) == 0;
		cable_done(&bench->out);
	}
	return n;
}

static void wait_readable(const struct bench *bench, int timeout_ms)
{
	struct pollfd in = {.fd = bench->out.fd, .events = POLLIN};
	(void)poll(&in, 1, timeout_ms);
}

/* Frames a second; those that do not come within a second are lost. */
static double throughput(struct bench *bench, uint32_t len)
{
	int sent = 0, got = 0;
	int64_t unused, begin = now_ns(CLOCK_MONOTONIC), last = begin;
	while (got < N_FRAMES && now_ns(CLOCK_MONOTONIC) - last < NS_PER_SECOND) {
		for (; sent < N_FRAMES && sent - got < WINDOW; sent++)
			cable_send(&bench->in, bench->frame, len);
		cable_flush(&bench->in);
		int n = received(bench, &unused);
		got += n;
		if (n > 0)
			last = now_ns(CLOCK_MONOTONIC);
		else
			wait_readable(bench, 100);
	}
	if (got < N_FRAMES)
		printf("  (%d frames lost)\n", N_FRAMES - got);
	return got / ((double)(last - begin) / (double)NS_PER_SECOND);
}

/* ---- the floor: a loop between two ordinary packet sockets ---- */

static int plain_socket(const char *interface)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET,
	                              .sll_protocol = htons(EVERY_PROTOCOL),
	                              .sll_ifindex = (int)if_nametoindex(interface)};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), bytes = 16 << 20;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes,
	                 sizeof bytes); /* as far as it may */
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		die("plain packet socket");
	return fd;
}

static _Noreturn void forward(int from, int to)
{
	static uint8_t bytes[CABLE_BATCH][2048];
	struct mmsghdr messages[CABLE_BATCH] = {0};
	struct iovec pieces[CABLE_BATCH];
	for (;;) {
		for (int i = 0; i < CABLE_BATCH; i++) {
			pieces[i] = (struct iovec){bytes[i], sizeof bytes[i]};
			messages[i].msg_hdr =
			        (struct msghdr){.msg_iov = &pieces[i], .msg_iovlen = 1};
		}
		int n = recvmmsg(from, messages, CABLE_BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < n; i++)
			pieces[i].iov_len = messages[i].msg_len;
		if (n > 0)
			(void)sendmmsg(to, messages, (unsigned)n, 0);
	}
}

static double floor_of(struct bench *bench, uint32_t len)
{
	pid_t pid = fork();
	if (pid == 0) {
		int fd = ioctl(bench->network.cable_fd[CLIENT], SIOCGSKNS);
		if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
			die("the wire's network");
		forward(plain_socket("client"), plain_socket("server"));
	}
	(void)usleep(100000); /* until it forwards; frames before that would be lost */
	double rate = throughput(bench, len);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	(void)received(bench, &(int64_t){0});
	return rate;
}

/* ---- the wire ---- */

static void start_wire(struct bench *bench, const char *delay)
{
	static struct run_plan plan;
	struct err err;
	plan = (struct run_plan){.wire_control_fd = -1};
	wire_process_init(&bench->wire);
	if (wire_faults_add(&plan.faults, delay, &err) < 0 ||
	    wire_process_start(&bench->wire, &plan, &bench->network, &err) < 0)
		die(err.message);
	bench->drain = fork();
	if (bench->drain == 0) { /* the tracer's part: takes the stream */
		static char bytes[1 << 20];
		while (read(bench->wire.log_fd, bytes, sizeof bytes) > 0)
			;
		_exit(0);
	}
	(void)usleep(100000);
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static void delays(struct bench *bench)
{
	static int64_t error_ns[N_DELAYS];
	int n = 0;
	for (int i = 0; i < N_DELAYS; i++) {
		int64_t sent = now_ns(CLOCK_REALTIME), arrived;
		cable_send(&bench->in, bench->frame, 100);
		cable_flush(&bench->in);
		wait_readable(bench, 1000);
		if (received(bench, &arrived) == 1)
			error_ns[n++] = arrived - sent - 20 * NS_PER_MS;
	}
	qsort(error_ns, (size_t)n, sizeof *error_ns, by_value);
	size_t middle = (size_t)n / 2, nearly_last = (size_t)n * 99 / 100;
	if (n > 0)
		printf("delay 20 ms, %d frames: late by %.3f ms at the median, %.3f ms at 99 of "
		       "100\n",
		       n, (double)error_ns[middle] / 1e6, (double)error_ns[nearly_last] / 1e6);
}

static void stop_wire(struct bench *bench)
{
	wire_process_stop(&bench->wire);
	(void)waitpid(bench->wire.pid, NULL, 0);
	wire_process_release(&bench->wire);
	(void)waitpid(bench->drain, NULL, 0);
}

static void make(struct bench *bench)
{
	struct err err;
	TEXT(reasons, 400);
	network_init(&bench->network);
	if (network_make(&bench->network, false, &reasons, &err) < 0)
		die(err.message);
	open_host(bench, SERVER, &bench->out);
	open_host(bench, CLIENT, &bench->in);
	static const uint8_t head[] = {2, 0, 0,    0, 0, 2,    2,  0, 0, 0, 0,  1,
	                               8, 0, 0x45, 0, 5, 0xdc, 0,  1, 0, 0, 64, 253,
	                               0, 0, 10,   0, 0, 1,    10, 0, 0, 2};
	memset(bench->frame, 'x', sizeof bench->frame);
	memcpy(bench->frame, head, sizeof head);
}

static int run(const char *what)
{
	static struct bench bench;
	make(&bench);
	if (strcmp(what, "delay") == 0) {
		start_wire(&bench, "delay 20ms");
		delays(&bench);
		stop_wire(&bench);
		return 0;
	}
	uint32_t len = (uint32_t)strtoul(what, NULL, 10);
	double floor = floor_of(&bench, len);
	start_wire(&bench, "delay 0ms");
	double rate = throughput(&bench, len);
	stop_wire(&bench);
	printf("%4u bytes: wire %.0f frames/s, two packet sockets %.0f frames/s\n", len, rate,
	       floor);
	return rate >= 100000 || rate >= floor ? 0 : 1;
}

/* In namespaces of its own, like a run: nothing is left behind. */
int main(int argc, char **argv)
{
	struct identity identity;
	int status = 2;
	if (argc != 2) {
		(void)fprintf(stderr, "usage: bench-wire delay|BYTES\n");
		return 2;
	}
	pid_t pid = hosts_fork(&identity);
	if (pid == 0) {
		if (hosts_become(&identity) < 0)
			die("namespaces");
		status = run(argv[1]);
		(void)fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die("namespaces");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
