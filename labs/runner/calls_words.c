/* calls_words.c: see calls_words.h. Each function says what the prototype in the call's manual page
 * (section 2) has, in its order. It must not know when a call is shown. */
#include "runner/calls_words.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "runner/calls_memory.h"
#include "runner/calls_names.h"

#define N(names) (sizeof(names) / sizeof *(names))

enum { PARTS_READ = 64, SOCK_TYPE = 0xf };

void say_nothing(struct text *t, const struct call_view *view)
{
	(void)t; /* the descriptor says it all */
	(void)view;
}

static void say_socket_flags(struct text *t, uint64_t flags)
{
	static const struct call_name names[] = {{SOCK_NONBLOCK, "SOCK_NONBLOCK"},
	                                         {SOCK_CLOEXEC, "SOCK_CLOEXEC"}};
	if (flags != 0 && t->len > 0)
		text_add_char(t, ' ');
	names_say_flags(t, flags, names, N(names), " ");
}

void say_socket(struct text *t, const struct call_view *view)
{
	static const struct call_name families[] = {{AF_INET, "AF_INET"}, {AF_INET6, "AF_INET6"}};
	static const struct call_name types[] = {
	        {SOCK_STREAM, "SOCK_STREAM"}, {SOCK_DGRAM, "SOCK_DGRAM"}, {SOCK_RAW, "SOCK_RAW"}};
	static const struct call_name protocols[] = {{IPPROTO_TCP, "IPPROTO_TCP"},
	                                             {IPPROTO_UDP, "IPPROTO_UDP"},
	                                             {IPPROTO_ICMP, "IPPROTO_ICMP"},
	                                             {IPPROTO_ICMPV6, "IPPROTO_ICMPV6"},
	                                             {IPPROTO_MPTCP, "IPPROTO_MPTCP"}};
	names_say(t, view->args[0], families, N(families));
	text_add_char(t, ' ');
	names_say(t, view->args[1] & SOCK_TYPE, types, N(types));
	say_socket_flags(t, view->args[1] & 0xffffffffU & ~(uint64_t)SOCK_TYPE);
	if (view->args[2] == 0)
		return;
	text_add_char(t, ' ');
	names_say(t, view->args[2], protocols, N(protocols));
}

static void say_endpoint(struct text *t, const char *before, const struct endpoint *end)
{
	if (end->addr.version == 0)
		return;
	text_add(t, before);
	text_add_endpoint(t, end);
}

void say_address(struct text *t, const struct call_view *view)
{
	struct endpoint end = calls_memory_endpoint(view->tid, view->args[1], view->args[2]);
	say_endpoint(t, "", &end);
}

void say_backlog(struct text *t, const struct call_view *view)
{
	text_add(t, "backlog ");
	text_add_int(t, (int32_t)view->args[1]);
}

/* An address that the call has filled in; its length is behind a pointer too. */
static void say_filled(struct text *t, const struct call_view *view, int address, int len_pointer)
{
	socklen_t len;
	if (!view->returned || view->error != 0 ||
	    !calls_memory_read(view->tid, view->args[len_pointer], &len, sizeof len))
		return;
	struct endpoint end = calls_memory_endpoint(view->tid, view->args[address], len);
	say_endpoint(t, t->len > 0 ? " from " : "from ", &end);
}

void say_accept(struct text *t, const struct call_view *view)
{
	say_filled(t, view, 1, 2);
}

void say_accept4(struct text *t, const struct call_view *view)
{
	say_filled(t, view, 1, 2);
	say_socket_flags(t, view->args[3]);
}

static void say_count(struct text *t, uint64_t n, const char *unit)
{
	text_add_uint(t, n);
	text_add_char(t, ' ');
	text_add(t, unit);
	text_add(t, n == 1 ? "" : "s");
}

void say_bytes(struct text *t, const struct call_view *view)
{
	say_count(t, view->args[2], "byte");
}

void say_room(struct text *t, const struct call_view *view)
{
	text_add(t, "up to ");
	say_bytes(t, view);
}

/* The sum of a scatter-gather list's lengths (man 2 readv); more than PARTS_READ parts are not
 * summed up. */
static void say_parts(struct text *t, pid_t tid, uint64_t address, uint64_t n)
{
	struct iovec parts[PARTS_READ];
	uint64_t sum = 0;
	if (n <= PARTS_READ &&
	    (n == 0 || calls_memory_read(tid, address, parts, n * sizeof *parts))) {
		for (uint64_t i = 0; i < n; i++)
			sum += parts[i].iov_len;
		say_count(t, sum, "byte");
		text_add(t, n == 1 ? "" : " in ");
	}
	if (n != 1)
		say_count(t, n, "part");
}

void say_bytes_parts(struct text *t, const struct call_view *view)
{
	say_parts(t, view->tid, view->args[1], view->args[2]);
}

void say_room_parts(struct text *t, const struct call_view *view)
{
	text_add(t, "up to ");
	say_bytes_parts(t, view);
}

static void say_message_flags(struct text *t, uint64_t flags)
{
	static const struct call_name names[] = {{MSG_OOB, "MSG_OOB"},
	                                         {MSG_PEEK, "MSG_PEEK"},
	                                         {MSG_DONTROUTE, "MSG_DONTROUTE"},
	                                         {MSG_TRUNC, "MSG_TRUNC"},
	                                         {MSG_DONTWAIT, "MSG_DONTWAIT"},
	                                         {MSG_EOR, "MSG_EOR"},
	                                         {MSG_WAITALL, "MSG_WAITALL"},
	                                         {MSG_NOSIGNAL, "MSG_NOSIGNAL"},
	                                         {MSG_MORE, "MSG_MORE"},
	                                         {MSG_ERRQUEUE, "MSG_ERRQUEUE"},
	                                         {MSG_FASTOPEN, "MSG_FASTOPEN"},
	                                         {MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"}};
	flags &= 0xffffffffU;
	text_add(t, flags ? " " : "");
	names_say_flags(t, flags, names, N(names), " ");
}

void say_send(struct text *t, const struct call_view *view)
{
	struct endpoint to = calls_memory_endpoint(view->tid, view->args[4], view->args[5]);
	say_bytes(t, view);
	say_endpoint(t, " to ", &to);
	say_message_flags(t, view->args[3]);
}

void say_receive(struct text *t, const struct call_view *view)
{
	say_room(t, view);
	say_filled(t, view, 4, 5);
	say_message_flags(t, view->args[3]);
}

static void say_message(struct text *t, const struct call_view *view, const char *before_address)
{
	struct msghdr message;
	if (calls_memory_read(view->tid, view->args[1], &message, sizeof message)) {
		say_parts(t, view->tid, (uintptr_t)message.msg_iov, message.msg_iovlen);
		struct endpoint end = calls_memory_endpoint(view->tid, (uintptr_t)message.msg_name,
		                                            message.msg_namelen);
		if (before_address)
			say_endpoint(t, before_address, &end);
	}
	say_message_flags(t, view->args[2]);
}

void say_send_message(struct text *t, const struct call_view *view)
{
	say_message(t, view, " to ");
}

void say_receive_message(struct text *t, const struct call_view *view)
{
	text_add(t, "up to ");
	say_message(t, view, view->returned && view->error == 0 ? " from " : NULL);
}

void say_messages(struct text *t, const struct call_view *view)
{
	text_add(t, "up to ");
	say_count(t, view->args[2] & 0xffffffffU, "message");
	say_message_flags(t, view->args[3]);
}

void say_sendfile(struct text *t, const struct call_view *view)
{
	say_count(t, view->args[3], "byte");
	text_add(t, " from fd ");
	text_add_int(t, (int32_t)view->args[1]);
}

void say_splice(struct text *t, const struct call_view *view)
{
	text_add(t, "up to ");
	say_count(t, view->args[4], "byte");
	text_add(t, " from fd ");
	text_add_int(t, (int32_t)view->args[0]);
	text_add(t, " to fd ");
	text_add_int(t, (int32_t)view->args[2]);
}

void say_shutdown(struct text *t, const struct call_view *view)
{
	static const struct call_name how[] = {
	        {SHUT_RD, "SHUT_RD"}, {SHUT_WR, "SHUT_WR"}, {SHUT_RDWR, "SHUT_RDWR"}};
	names_say(t, view->args[1], how, N(how));
}

void say_status_flags(struct text *t, const struct call_view *view)
{
	text_add(t, view->args[2] & O_NONBLOCK ? "O_NONBLOCK" : "without O_NONBLOCK");
}

void say_nonblocking(struct text *t, const struct call_view *view)
{
	int on;
	text_add(t, "FIONBIO");
	if (!calls_memory_read(view->tid, view->args[2], &on, sizeof on))
		return;
	text_add_char(t, ' ');
	text_add_int(t, on);
}
