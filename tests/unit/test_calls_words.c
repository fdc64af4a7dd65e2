/* test_calls_words.c: the arguments of calls in words; the memory that they point to is our own. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/calls_memory.h"
#include "runner/calls_names.h"
#include "runner/calls_polls.h"
#include "runner/calls_words.h"

#define ADDRESS(thing) ((uint64_t)(uintptr_t)(thing))

typedef void say(struct text *t, const struct call_view *view);

static struct call_view entering(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	return (struct call_view){.tid = getpid(), .args = {a, b, c, d, e}};
}

static struct call_view returning(struct call_view view, int64_t result, int error)
{
	view.returned = true;
	view.result = result;
	view.error = error;
	return view;
}

static void assert_says(say *words, struct call_view view, const char *expected)
{
	TEXT(t, 512);
	words(&t, &view);
	assert_string_equal(t.bytes, expected);
}

static void a_socket_is_said_with_its_type_and_flags(void **state)
{
	(void)state;
	assert_says(say_socket, entering(AF_INET, SOCK_STREAM, 0, 0, 0), "AF_INET SOCK_STREAM");
	assert_says(
	        say_socket,
	        entering(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP, 0, 0),
	        "AF_INET6 SOCK_DGRAM SOCK_NONBLOCK SOCK_CLOEXEC IPPROTO_UDP");
	assert_says(say_socket, entering(AF_INET, 9, 250, 0, 0), "AF_INET 9 250");
}

static void an_address_is_said_for_both_families(void **state)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8080)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(53)};
	(void)state;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in6.sin6_addr = in6addr_loopback;
	assert_says(say_address, entering(3, ADDRESS(&in), sizeof in, 0, 0), "127.0.0.1:8080");
	assert_says(say_address, entering(3, ADDRESS(&in6), sizeof in6, 0, 0), "[::1]:53");
	assert_says(say_address, entering(3, ADDRESS(&in), sizeof in - 1, 0, 0), "");
	assert_says(say_address, entering(3, 0, sizeof in, 0, 0), "");
	assert_says(say_address, entering(3, 1, sizeof in, 0, 0), "");
	assert_says(say_address, entering(3, ADDRESS(&in), UINT64_MAX, 0, 0), "127.0.0.1:8080");
}

static void an_address_of_ipv4_inside_ipv6_is_that_of_the_wire(void **state)
{
	struct sockaddr_storage storage = {.ss_family = AF_UNSPEC};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(80)};
	(void)state;
	assert_int_equal(inet_pton(AF_INET6, "::ffff:10.0.0.1", &in6.sin6_addr), 1);
	memcpy(&storage, &in6, sizeof in6);
	struct endpoint end = calls_endpoint(&storage, sizeof in6);
	TEXT(t, 64);
	text_add_endpoint(&t, &end);
	assert_string_equal(t.bytes, "10.0.0.1:80");
}

static void accept_says_who_has_come_only_when_it_returned_well(void **state)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(4711)};
	socklen_t len = sizeof in;
	struct call_view view = entering(3, ADDRESS(&in), ADDRESS(&len), SOCK_CLOEXEC, 0);
	(void)state;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_says(say_accept4, view, "SOCK_CLOEXEC");
	assert_says(say_accept4, returning(view, 4, 0), "from 127.0.0.1:4711 SOCK_CLOEXEC");
	assert_says(say_accept, returning(view, -1, EAGAIN), "");
}

static void bytes_are_counted_in_one_part_and_in_several(void **state)
{
	struct iovec parts[2] = {{.iov_len = 10}, {.iov_len = 20}};
	(void)state;
	assert_says(say_bytes, entering(3, 0, 1, 0, 0), "1 byte");
	assert_says(say_bytes, entering(3, 0, 14, 0, 0), "14 bytes");
	assert_says(say_room, entering(3, 0, 4096, 0, 0), "up to 4096 bytes");
	assert_says(say_bytes_parts, entering(3, ADDRESS(parts), 1, 0, 0), "10 bytes");
	assert_says(say_bytes_parts, entering(3, ADDRESS(parts), 2, 0, 0), "30 bytes in 2 parts");
	assert_says(say_bytes_parts, entering(3, ADDRESS(parts), 0, 0, 0), "0 bytes in 0 parts");
	assert_says(say_bytes_parts, entering(3, ADDRESS(parts), 1000, 0, 0), "1000 parts");
	assert_says(say_bytes_parts, entering(3, 1, 2, 0, 0), "2 parts");
}

static void messages_are_said_with_flags_and_addresses(void **state)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(53)};
	struct iovec part = {.iov_len = 5};
	struct msghdr message = {.msg_name = &in, .msg_namelen = sizeof in, .msg_iov = &part};
	(void)state;
	message.msg_iovlen = 1;
	struct call_view view = entering(3, 0, 5, MSG_NOSIGNAL | MSG_DONTWAIT, ADDRESS(&in));
	view.args[5] = sizeof in;
	assert_says(say_send, view, "5 bytes to 0.0.0.0:53 MSG_DONTWAIT MSG_NOSIGNAL");
	assert_says(say_receive, entering(3, 0, 9, MSG_PEEK, 0), "up to 9 bytes MSG_PEEK");
	view = entering(3, ADDRESS(&message), MSG_MORE | 0x800000, 0, 0);
	assert_says(say_send_message, view, "5 bytes to 0.0.0.0:53 MSG_MORE 0x800000");
	assert_says(say_receive_message, view, "up to 5 bytes MSG_MORE 0x800000");
	assert_says(say_receive_message, returning(view, 5, 0),
	            "up to 5 bytes from 0.0.0.0:53 MSG_MORE 0x800000");
}

static void options_are_said_with_level_name_and_value(void **state)
{
	int one = 1;
	struct linger linger = {.l_onoff = 1, .l_linger = 3};
	struct timeval time = {.tv_sec = 1, .tv_usec = 500000};
	char name[] = "bbr\033[2J";
	(void)state;
	assert_says(say_option, entering(3, SOL_SOCKET, SO_REUSEADDR, ADDRESS(&one), sizeof one),
	            "SOL_SOCKET SO_REUSEADDR 1");
	assert_says(say_option, entering(3, SOL_SOCKET, SO_LINGER, ADDRESS(&linger), sizeof linger),
	            "SOL_SOCKET SO_LINGER on, 3 s");
	assert_says(say_option, entering(3, SOL_SOCKET, SO_RCVTIMEO, ADDRESS(&time), sizeof time),
	            "SOL_SOCKET SO_RCVTIMEO 1500 ms");
	assert_says(say_option, entering(3, IPPROTO_TCP, TCP_CONGESTION, ADDRESS(name), 7),
	            "IPPROTO_TCP TCP_CONGESTION bbr");
	assert_says(say_option, entering(3, IPPROTO_TCP, TCP_NODELAY, ADDRESS(&one), 1),
	            "IPPROTO_TCP TCP_NODELAY");
	assert_says(say_option, entering(3, 77, 78, ADDRESS(&one), sizeof one), "77 78 1");
}

static void so_error_is_said_by_name_when_it_is_known(void **state)
{
	int error = ECONNREFUSED;
	struct call_view view = entering(3, SOL_SOCKET, SO_ERROR, ADDRESS(&error), 0);
	(void)state;
	assert_says(say_error_option, view, "SOL_SOCKET SO_ERROR");
	assert_says(say_error_option, returning(view, 0, 0), "SOL_SOCKET SO_ERROR ECONNREFUSED");
	error = 0;
	assert_says(say_error_option, returning(view, 0, 0), "SOL_SOCKET SO_ERROR 0");
}

static void small_calls_are_said(void **state)
{
	int on = 1;
	(void)state;
	assert_says(say_nothing, entering(3, 1, 2, 3, 4), "");
	assert_says(say_backlog, entering(3, 16, 0, 0, 0), "backlog 16");
	assert_says(say_shutdown, entering(3, SHUT_WR, 0, 0, 0), "SHUT_WR");
	assert_says(say_shutdown, entering(3, 7, 0, 0, 0), "7");
	assert_says(say_status_flags, entering(3, F_SETFL, O_RDWR | O_NONBLOCK, 0, 0),
	            "O_NONBLOCK");
	assert_says(say_status_flags, entering(3, F_SETFL, O_RDWR, 0, 0), "without O_NONBLOCK");
	assert_says(say_nonblocking, entering(3, 0, ADDRESS(&on), 0, 0), "FIONBIO 1");
	assert_says(say_nonblocking, entering(3, 0, 0, 0, 0), "FIONBIO");
	assert_says(say_sendfile, entering(3, 5, 0, 64, 0), "64 bytes from fd 5");
	assert_says(say_splice, entering(5, 0, 6, 0, 64), "up to 64 bytes from fd 5 to fd 6");
	assert_says(say_messages, entering(3, 0, 8, 0, 0), "up to 8 messages");
}

static void poll_says_what_it_waits_for_and_then_what_happened(void **state)
{
	struct pollfd list[] = {{3, POLLIN, POLLIN | POLLHUP}, {4, POLLOUT, 0}};
	struct timespec limit = {.tv_sec = 2};
	struct call_view view = entering(ADDRESS(list), 2, 5000, 0, 0);
	(void)state;
	assert_says(say_poll, view, "fd 3 POLLIN, fd 4 POLLOUT, timeout 5000 ms");
	assert_says(say_poll, returning(view, 1, 0), "fd 3 POLLIN|POLLHUP");
	assert_says(say_poll, entering(0, 0, UINT32_MAX, 0, 0), "no timeout");
	view.args[2] = ADDRESS(&limit);
	assert_says(say_ppoll, view, "fd 3 POLLIN, fd 4 POLLOUT, timeout 2000 ms");
	view.args[2] = 0;
	assert_says(say_ppoll, view, "fd 3 POLLIN, fd 4 POLLOUT, no timeout");
}

static void poll_of_many_is_cut_short(void **state)
{
	struct pollfd list[CALL_POLLED_MAX + 9];
	int fds[CALL_POLLED_MAX];
	memset(list, 0, sizeof list);
	struct call_view view = entering(ADDRESS(list), CALL_POLLED_MAX + 9, 0, 0, 0);
	TEXT(t, 512);
	(void)state;
	assert_int_equal(polled_by_poll(&view, -1, fds), CALL_POLLED_MAX);
	say_poll(&t, &view);
	assert_non_null(strstr(t.bytes, " and others, timeout 0 ms"));
}

static void select_says_its_sets(void **state)
{
	fd_set reads, writes;
	struct timeval limit = {.tv_usec = 250000};
	int fds[CALL_POLLED_MAX];
	(void)state;
	FD_ZERO(&reads);
	FD_ZERO(&writes);
	FD_SET(3, &reads);
	FD_SET(70, &reads);
	FD_SET(4, &writes);
	struct call_view view = entering(71, ADDRESS(&reads), ADDRESS(&writes), 0, ADDRESS(&limit));
	assert_says(say_select, view, "read fd 3, 70, write fd 4, timeout 250 ms");
	assert_int_equal(polled_by_select(&view, -1, fds), 3);
	assert_int_equal(fds[1], 70);
	assert_says(say_select, returning(view, -1, EBADF), "");
	view.args[0] = UINT32_MAX;
	assert_says(say_select, view, "read fd 3, 70, write fd 4, timeout 250 ms");
}

static void epoll_says_events_but_not_whose(void **state)
{
	struct epoll_event events[1] = {{.events = EPOLLIN | EPOLLRDHUP}};
	struct call_view view = entering(5, ADDRESS(events), 64, UINT32_MAX, 0);
	(void)state;
	assert_says(say_epoll_wait, view, "up to 64 events, no timeout");
	assert_says(say_epoll_wait, returning(view, 1, 0), "EPOLLIN|EPOLLRDHUP");
	assert_says(say_epoll_wait, returning(view, 0, 0), "");
	assert_says(say_epoll_ctl, entering(5, EPOLL_CTL_ADD, 3, ADDRESS(events), 0),
	            "EPOLL_CTL_ADD EPOLLIN|EPOLLRDHUP, epoll fd 5");
}

static void what_an_epoll_waits_for_is_listed(void **state)
{
	struct epoll_event event = {.events = EPOLLIN};
	int fds[CALL_POLLED_MAX], ends[2];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	(void)state;
	assert_true(epoll >= 0 && proc >= 0 && pipe2(ends, O_CLOEXEC) == 0);
	assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event), 0);
	struct call_view view = entering((uint64_t)epoll, 0, 0, 0, 0);
	assert_int_equal(polled_by_epoll(&view, proc, fds), 1);
	assert_int_equal(fds[0], ends[0]);
	view.args[0] = (uint64_t)ends[0];
	assert_int_equal(polled_by_epoll(&view, proc, fds), 0);
	assert_int_equal(close(epoll) | close(proc) | close(ends[0]) | close(ends[1]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_socket_is_said_with_its_type_and_flags),
	        cmocka_unit_test(an_address_is_said_for_both_families),
	        cmocka_unit_test(an_address_of_ipv4_inside_ipv6_is_that_of_the_wire),
	        cmocka_unit_test(accept_says_who_has_come_only_when_it_returned_well),
	        cmocka_unit_test(bytes_are_counted_in_one_part_and_in_several),
	        cmocka_unit_test(messages_are_said_with_flags_and_addresses),
	        cmocka_unit_test(options_are_said_with_level_name_and_value),
	        cmocka_unit_test(so_error_is_said_by_name_when_it_is_known),
	        cmocka_unit_test(small_calls_are_said),
	        cmocka_unit_test(poll_says_what_it_waits_for_and_then_what_happened),
	        cmocka_unit_test(poll_of_many_is_cut_short),
	        cmocka_unit_test(select_says_its_sets),
	        cmocka_unit_test(epoll_says_events_but_not_whose),
	        cmocka_unit_test(what_an_epoll_waits_for_is_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
