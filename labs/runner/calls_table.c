/* calls_table.c: see calls_table.h; man 2 syscalls. What is said is in calls_words.c and
 * calls_polls.c; this is only the list. */
#include "runner/calls_table.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "runner/calls_polls.h"
#include "runner/calls_words.h"

/* A call about the descriptor that is its first argument. */
#define ABOUT(call, what, words)                                                                   \
	{                                                                                          \
		.number = SYS_##call, .name = #call, .other_argument = -1, .flags = (what),        \
		.say = (words)                                                                     \
	}

/* The same, when one argument, or two, have these values. */
#define ABOUT_IF(call, words, n, ...)                                                              \
	{                                                                                          \
		.number = SYS_##call, .name = #call, .other_argument = -1, .say = (words),         \
		.n_conditions = (n), .only_if = {                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

/* A call that waits for several descriptors. */
#define WAITS(call, words, list)                                                                   \
	{                                                                                          \
		.number = SYS_##call, .name = #call, .fd_argument = -1, .other_argument = -1,      \
		.say = (words), .polled = (list)                                                   \
	}

static const struct call_kind kinds[] = {
        {.number = SYS_socket,
         .name = "socket",
         .fd_argument = -1,
         .other_argument = -1,
         .flags = CALL_CREATES,
         .say = say_socket},
        ABOUT(bind, CALL_NAMES, say_address),
        ABOUT(listen, CALL_NAMES, say_backlog),
        ABOUT(accept4, CALL_CREATES, say_accept4),
#ifdef SYS_accept
        ABOUT(accept, CALL_CREATES, say_accept),
#endif
        ABOUT(connect, CALL_NAMES | CALL_CONNECTS, say_address),
        ABOUT(read, CALL_TRANSFER, say_room),
        ABOUT(write, CALL_TRANSFER, say_bytes),
        ABOUT(readv, CALL_TRANSFER, say_room_parts),
        ABOUT(writev, CALL_TRANSFER, say_bytes_parts),
        ABOUT(sendto, CALL_TRANSFER, say_send),
        ABOUT(recvfrom, CALL_TRANSFER, say_receive),
        ABOUT(sendmsg, CALL_TRANSFER, say_send_message),
        ABOUT(recvmsg, CALL_TRANSFER, say_receive_message),
        ABOUT(sendmmsg, 0, say_messages),
        ABOUT(recvmmsg, 0, say_messages),
        ABOUT(sendfile, CALL_TRANSFER, say_sendfile),
        {.number = SYS_splice, /* from the first descriptor to the third argument's */
         .name = "splice",
         .fd_argument = 2,
         .other_argument = 0,
         .flags = CALL_TRANSFER,
         .say = say_splice},
        ABOUT(shutdown, 0, say_shutdown),
        ABOUT(close, 0, say_nothing),
        ABOUT(setsockopt, 0, say_option),
        ABOUT_IF(getsockopt, say_error_option, 2, {1, SOL_SOCKET}, {2, SO_ERROR}),
        ABOUT_IF(fcntl, say_status_flags, 1, {1, F_SETFL}),
        ABOUT_IF(ioctl, say_nonblocking, 1, {1, FIONBIO}),
        {.number = SYS_epoll_ctl, /* about the descriptor that is added, not the epoll's */
         .name = "epoll_ctl",
         .fd_argument = 2,
         .other_argument = -1,
         .say = say_epoll_ctl},
#ifdef SYS_poll
        WAITS(poll, say_poll, polled_by_poll),
#endif
        WAITS(ppoll, say_ppoll, polled_by_poll),
#ifdef SYS_select
        WAITS(select, say_select, polled_by_select),
#endif
        WAITS(pselect6, say_pselect6, polled_by_select),
#ifdef SYS_epoll_wait
        WAITS(epoll_wait, say_epoll_wait, polled_by_epoll),
#endif
        WAITS(epoll_pwait, say_epoll_wait, polled_by_epoll),
#ifdef SYS_epoll_pwait2
        WAITS(epoll_pwait2, say_epoll_pwait2, polled_by_epoll),
#endif
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

const struct call_kind *calls_kinds(int *n)
{
	*n = N_KINDS;
	return kinds;
}

const struct call_kind *calls_kind(uint64_t number)
{
	for (int i = 0; i < N_KINDS; i++) {
		if ((uint64_t)kinds[i].number == number)
			return &kinds[i];
	}
	return NULL;
}
