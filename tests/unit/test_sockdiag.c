/* test_sockdiag.c: the kernel's list of sockets, with real sockets on the loopback. */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <fcntl.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/sockdiag.h"

/* A socket on a free port of the loopback, which is told. */
static int bound_socket(int type, uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static int connected_socket(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static struct census census_of(struct netlink *diag, uint16_t port)
{
	struct census census;
	struct err err;
	if (census_take(&census, diag, port, true, true, &err) < 0)
		fail_msg("%s", err.message);
	return census;
}

static int setup(void **state)
{
	struct err err;
	*state = netlink_open(NETLINK_SOCK_DIAG, &err);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	netlink_close(*state);
	return 0;
}

static void a_tcp_socket_counts_from_listen_on(void **state)
{
	uint16_t port;
	int fd = bound_socket(SOCK_STREAM, &port);
	assert_false(census_of(*state, port).listening);
	assert_int_equal(listen(fd, 1), 0);
	assert_true(census_of(*state, port).listening);
	assert_false(census_of(*state, port).bound);
	assert_int_equal(close(fd), 0);
	assert_false(census_of(*state, port).listening);
}

static void a_udp_socket_counts_when_bound(void **state)
{
	uint16_t port;
	int fd = bound_socket(SOCK_DGRAM, &port);
	assert_true(census_of(*state, port).bound);
	assert_false(census_of(*state, port).listening);
	assert_int_equal(close(fd), 0);
	assert_false(census_of(*state, port).bound);
}

static void a_listener_elsewhere_is_named(void **state)
{
	uint16_t port;
	int fd = bound_socket(SOCK_STREAM, &port);
	assert_int_equal(listen(fd, 1), 0);
	struct census census = census_of(*state, 1);
	assert_false(census.listening);
	assert_int_not_equal(census.other_port, 0);
	assert_int_equal(close(fd), 0);
}

static void a_connection_is_open_then_in_time_wait(void **state)
{
	uint16_t port;
	int listener = bound_socket(SOCK_STREAM, &port);
	assert_int_equal(listen(listener, 1), 0);
	int client = connected_socket(port);
	int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(server >= 0);
	struct census census = census_of(*state, port);
	assert_int_equal(census.n_open, 2); /* both ends are here */
	assert_int_equal(census.open.state, TCP_ESTABLISHED);
	assert_int_equal(census.n_time_wait, 0);

	assert_int_equal(close(client), 0); /* closes first: its socket stays in TIME-WAIT */
	census = census_of(*state, port);
	assert_true(census.n_open > 0);
	assert_int_equal(close(server), 0);
	census = census_of(*state, port);
	assert_int_equal(census.n_open, 0);
	assert_int_equal(census.n_time_wait, 1);
	assert_int_equal(census.time_wait.remote.port, port);
	assert_int_equal(census.time_wait.local.addr.version, 4);
	assert_int_equal(census.time_wait.local.addr.bytes[0], 127);
	assert_in_range(census.time_wait.timer_ns, 50 * NS_PER_SECOND, 61 * NS_PER_SECOND);
	assert_int_equal(close(listener), 0);
}

static void traffic_counts_connections_and_datagrams(void **state)
{
	(void)state;
	struct traffic before, after;
	uint16_t port;
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(traffic_read(proc, &before), 0);
	int listener = bound_socket(SOCK_STREAM, &port);
	assert_int_equal(listen(listener, 1), 0);
	int client = connected_socket(port);
	assert_int_equal(traffic_read(proc, &after), 0);
	assert_true(after.connects > before.connects);

	uint16_t udp_port;
	int udp = bound_socket(SOCK_DGRAM, &udp_port);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(udp_port)};
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(sendto(udp, "x", 1, 0, (struct sockaddr *)&to, sizeof to), 1);
	assert_int_equal(traffic_read(proc, &after), 0);
	assert_true(after.datagrams > before.datagrams);
	assert_int_equal(close(udp), 0);
	assert_int_equal(close(client), 0);
	assert_int_equal(close(listener), 0);
	assert_int_equal(close(proc), 0);
	assert_int_equal(traffic_read(-1, &after), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_tcp_socket_counts_from_listen_on),
	        cmocka_unit_test(a_udp_socket_counts_when_bound),
	        cmocka_unit_test(a_listener_elsewhere_is_named),
	        cmocka_unit_test(a_connection_is_open_then_in_time_wait),
	        cmocka_unit_test(traffic_counts_connections_and_datagrams),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
