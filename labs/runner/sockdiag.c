/* sockdiag.c: see sockdiag.h. Translates the kernel's records into the project's words; knows
 * nothing of programs or stages. */
#include "runner/sockdiag.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ALL_STATES = -1, MAX_TRIES = 5 };

/* The kernel's numbers (include/net/tcp_states.h) in RFC 9293's words. 7 is an unconnected socket,
 * 12 a SYN that was answered and has no socket yet. */
static const enum tcp_state state_of[] = {
        [1] = TCP_ESTABLISHED, [2] = TCP_SYN_SENT,  [3] = TCP_SYN_RECEIVED, [4] = TCP_FIN_WAIT_1,
        [5] = TCP_FIN_WAIT_2,  [6] = TCP_TIME_WAIT, [7] = TCP_CLOSED,       [8] = TCP_CLOSE_WAIT,
        [9] = TCP_LAST_ACK,    [10] = TCP_LISTEN,   [11] = TCP_CLOSING,     [12] = TCP_SYN_RECEIVED,
};

struct counting {
	struct census *census;
	uint16_t port;
	bool only_port;
};

static struct endpoint endpoint_of(uint8_t family, const uint32_t *address, uint16_t port)
{
	struct endpoint end = {.port = ntohs(port)};
	end.addr.version = family == AF_INET ? 4 : 6;
	memcpy(end.addr.bytes, address, family == AF_INET ? 4 : 16);
	return end;
}

bool socket_info_read(struct socket_info *socket, const void *payload, size_t len)
{
	struct inet_diag_msg record;
	if (len < sizeof record)
		return false;
	memcpy(&record, payload, sizeof record);
	size_t n_states = sizeof state_of / sizeof *state_of;
	socket->state =
	        record.idiag_state < n_states ? state_of[record.idiag_state] : TCP_STATE_UNKNOWN;
	socket->local =
	        endpoint_of(record.idiag_family, record.id.idiag_src, record.id.idiag_sport);
	socket->remote =
	        endpoint_of(record.idiag_family, record.id.idiag_dst, record.id.idiag_dport);
	socket->timer_ns = record.idiag_timer ? record.idiag_expires * NS_PER_MS : 0;
	return true;
}

static void count_port(struct counting *counting, const struct socket_info *socket, bool *seen)
{
	if (socket->local.port == counting->port)
		*seen = true;
	else
		counting->census->other_port = socket->local.port;
}

static void count_tcp(const void *payload, size_t len, void *data)
{
	struct counting *counting = data;
	struct census *census = counting->census;
	struct socket_info socket;
	if (!socket_info_read(&socket, payload, len) || socket.state == TCP_CLOSED)
		return;
	if (socket.state == TCP_LISTEN) {
		count_port(counting, &socket, &census->listening);
		return;
	}
	if (counting->only_port && socket.local.port != counting->port &&
	    socket.remote.port != counting->port)
		return;
	if (socket.state == TCP_TIME_WAIT) {
		census->n_time_wait++;
		census->time_wait = socket;
	} else {
		census->n_open++;
		census->open = socket;
	}
}

/* A UDP socket with a remote port is connected: a client's, not one that waits. */
static void count_udp(const void *payload, size_t len, void *data)
{
	struct counting *counting = data;
	struct socket_info socket;
	if (socket_info_read(&socket, payload, len) && socket.remote.port == 0)
		count_port(counting, &socket, &counting->census->bound);
}

static int list_sockets(struct netlink *diag, uint8_t family, uint8_t protocol,
                        struct counting *counting, struct err *err)
{
	struct inet_diag_req_v2 request = {
	        .sdiag_family = family,
	        .sdiag_protocol = protocol,
	        .idiag_states = (uint32_t)ALL_STATES,
	};
	return netlink_dump(diag, SOCK_DIAG_BY_FAMILY, &request, sizeof request,
	                    protocol == IPPROTO_UDP ? count_udp : count_tcp, counting, err);
}

/* One look at all lists. */
static int count_all(struct counting *counting, struct netlink *diag, bool udp, struct err *err)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	*counting->census = (struct census){0};
	for (int i = 0; i < 2; i++) {
		if (list_sockets(diag, families[i], IPPROTO_TCP, counting, err) < 0)
			return -1;
		if (udp && list_sockets(diag, families[i], IPPROTO_UDP, counting, err) < 0)
			return -1;
	}
	return 0;
}

int census_take(struct census *census, struct netlink *diag, uint16_t port, bool only_port,
                bool udp, struct err *err)
{
	struct counting counting = {.census = census, .port = port, .only_port = only_port};
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		if (count_all(&counting, diag, udp, err) == 0)
			return 0;
		if (errno != EINTR) /* EINTR: the list changed while we read it */
			return -1;
	}
	return -1;
}

void census_add(struct census *census, const struct census *other)
{
	census->listening |= other->listening;
	census->bound |= other->bound;
	if (other->other_port)
		census->other_port = other->other_port;
	if (other->n_open > 0)
		census->open = other->open;
	census->n_open += other->n_open;
	if (other->n_time_wait > 0)
		census->time_wait = other->time_wait;
	census->n_time_wait += other->n_time_wait;
}

/* /proc/net/snmp has two lines for each protocol: "Tcp: names…" and "Tcp: values…", with a blank
 * between two words. Adds the value below `name`. */
static void add_counter(const char *names, const char *values, const char *name, uint64_t *sum)
{
	size_t len = strlen(name);
	while (names && values) {
		names++; /* the blank */
		values++;
		if (strncmp(names, name, len) == 0 && !isalnum((unsigned char)names[len]))
			*sum += strtoull(values, NULL, 10);
		names = strchr(names, ' ');
		values = strchr(values, ' ');
	}
}

/* A file below /proc, for reading; NULL if it is not there. */
static FILE *open_below(int proc_fd, const char *path)
{
	int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	if (fd >= 0 && !file)
		(void)close(fd); /* no memory; nothing was read */
	return file;
}

static int read_snmp(int proc_fd, struct traffic *traffic)
{
	FILE *file = open_below(proc_fd, "net/snmp");
	char names[2048], values[2048];
	if (!file)
		return -1;
	while (fgets(names, sizeof names, file) && fgets(values, sizeof values, file)) {
		const char *after[] = {strchr(names, ' '), strchr(values, ' ')};
		if (strncmp(values, "Tcp: ", 5) == 0)
			add_counter(after[0], after[1], "ActiveOpens", &traffic->connects);
		if (strncmp(values, "Udp: ", 5) == 0)
			add_counter(after[0], after[1], "OutDatagrams", &traffic->datagrams);
	}
	(void)fclose(file); /* was only read */
	return 0;
}

int traffic_read(int proc_fd, struct traffic *traffic)
{
	*traffic = (struct traffic){0};
	if (read_snmp(proc_fd, traffic) < 0)
		return -1;
	FILE *file = open_below(proc_fd, "net/snmp6");
	static const char name[] = "Udp6OutDatagrams ";
	char line[256];
	while (file && fgets(line, sizeof line, file)) {
		if (strncmp(line, name, sizeof name - 1) == 0)
			traffic->datagrams += strtoull(line + sizeof name - 1, NULL, 10);
	}
	if (file)
		(void)fclose(file); /* was only read; a kernel without IPv6 has no such file */
	return 0;
}
