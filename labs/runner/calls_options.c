/* calls_options.c: socket options in words: level, name and value; see calls_words.h, man 7 socket,
 * ip, ipv6, tcp and udp. */
#include <linux/tcp.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "runner/calls_memory.h"
#include "runner/calls_names.h"
#include "runner/calls_words.h"

#define N(names) (sizeof(names) / sizeof *(names))

enum { NAME_MAX_BYTES = 32 };

/* How the value is said. */
enum form { FORM_INT, FORM_LINGER, FORM_TIME, FORM_NAME };

struct option_name {
	int level, option;
	const char *name;
	enum form form;
};

static const struct call_name levels[] = {{SOL_SOCKET, "SOL_SOCKET"},
                                          {IPPROTO_IP, "IPPROTO_IP"},
                                          {IPPROTO_IPV6, "IPPROTO_IPV6"},
                                          {IPPROTO_TCP, "IPPROTO_TCP"},
                                          {IPPROTO_UDP, "IPPROTO_UDP"}};

static const struct option_name options[] = {
        {SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR", FORM_INT},
        {SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT", FORM_INT},
        {SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE", FORM_INT},
        {SOL_SOCKET, SO_BROADCAST, "SO_BROADCAST", FORM_INT},
        {SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF", FORM_INT},
        {SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF", FORM_INT},
        {SOL_SOCKET, SO_RCVLOWAT, "SO_RCVLOWAT", FORM_INT},
        {SOL_SOCKET, SO_SNDTIMEO, "SO_SNDTIMEO", FORM_TIME},
        {SOL_SOCKET, SO_RCVTIMEO, "SO_RCVTIMEO", FORM_TIME},
        {SOL_SOCKET, SO_LINGER, "SO_LINGER", FORM_LINGER},
        {SOL_SOCKET, SO_OOBINLINE, "SO_OOBINLINE", FORM_INT},
        {SOL_SOCKET, SO_PRIORITY, "SO_PRIORITY", FORM_INT},
        {SOL_SOCKET, SO_TIMESTAMP, "SO_TIMESTAMP", FORM_INT},
        {SOL_SOCKET, SO_BINDTODEVICE, "SO_BINDTODEVICE", FORM_NAME},
        {IPPROTO_IP, IP_TTL, "IP_TTL", FORM_INT},
        {IPPROTO_IP, IP_TOS, "IP_TOS", FORM_INT},
        {IPPROTO_IP, IP_MTU_DISCOVER, "IP_MTU_DISCOVER", FORM_INT},
        {IPPROTO_IP, IP_RECVERR, "IP_RECVERR", FORM_INT},
        {IPPROTO_IP, IP_MULTICAST_TTL, "IP_MULTICAST_TTL", FORM_INT},
        {IPPROTO_IPV6, IPV6_V6ONLY, "IPV6_V6ONLY", FORM_INT},
        {IPPROTO_IPV6, IPV6_UNICAST_HOPS, "IPV6_UNICAST_HOPS", FORM_INT},
        {IPPROTO_IPV6, IPV6_TCLASS, "IPV6_TCLASS", FORM_INT},
        {IPPROTO_IPV6, IPV6_RECVERR, "IPV6_RECVERR", FORM_INT},
        {IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY", FORM_INT},
        {IPPROTO_TCP, TCP_MAXSEG, "TCP_MAXSEG", FORM_INT},
        {IPPROTO_TCP, TCP_CORK, "TCP_CORK", FORM_INT},
        {IPPROTO_TCP, TCP_KEEPIDLE, "TCP_KEEPIDLE", FORM_INT},
        {IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL", FORM_INT},
        {IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT", FORM_INT},
        {IPPROTO_TCP, TCP_SYNCNT, "TCP_SYNCNT", FORM_INT},
        {IPPROTO_TCP, TCP_LINGER2, "TCP_LINGER2", FORM_INT},
        {IPPROTO_TCP, TCP_DEFER_ACCEPT, "TCP_DEFER_ACCEPT", FORM_INT},
        {IPPROTO_TCP, TCP_WINDOW_CLAMP, "TCP_WINDOW_CLAMP", FORM_INT},
        {IPPROTO_TCP, TCP_QUICKACK, "TCP_QUICKACK", FORM_INT},
        {IPPROTO_TCP, TCP_CONGESTION, "TCP_CONGESTION", FORM_NAME},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT", FORM_INT},
        {IPPROTO_TCP, TCP_FASTOPEN, "TCP_FASTOPEN", FORM_INT},
        {IPPROTO_TCP, TCP_NOTSENT_LOWAT, "TCP_NOTSENT_LOWAT", FORM_INT},
        {IPPROTO_UDP, UDP_CORK, "UDP_CORK", FORM_INT},
};

static const struct option_name *find(int level, int option)
{
	for (size_t i = 0; i < N(options); i++) {
		if (options[i].level == level && options[i].option == option)
			return &options[i];
	}
	return NULL;
}

static void say_int(struct text *t, pid_t tid, uint64_t address, uint64_t len)
{
	int value = 0;
	if (len < sizeof value || !calls_memory_read(tid, address, &value, sizeof value))
		return;
	text_add_char(t, ' ');
	text_add_int(t, value);
}

static void say_linger(struct text *t, pid_t tid, uint64_t address, uint64_t len)
{
	struct linger linger;
	if (len < sizeof linger || !calls_memory_read(tid, address, &linger, sizeof linger))
		return;
	if (linger.l_onoff)
		text_addf(t, " on, %d s", linger.l_linger);
	else
		text_add(t, " off");
}

static void say_time(struct text *t, pid_t tid, uint64_t address, uint64_t len)
{
	struct timeval time;
	if (len < sizeof time || !calls_memory_read(tid, address, &time, sizeof time))
		return;
	text_addf(t, " %lld ms", (long long)time.tv_sec * 1000 + time.tv_usec / 1000);
}

static void say_name(struct text *t, pid_t tid, uint64_t address, uint64_t len)
{
	char name[NAME_MAX_BYTES];
	size_t n = len < sizeof name ? (size_t)len : sizeof name;
	if (n == 0 || !calls_memory_read(tid, address, name, n))
		return;
	text_add_char(t, ' ');
	for (size_t i = 0; i < n && name[i] >= ' ' && name[i] <= '~'; i++)
		text_add_char(t, name[i]);
}

static void (*const forms[])(struct text *t, pid_t tid, uint64_t address, uint64_t len) = {
        [FORM_INT] = say_int,
        [FORM_LINGER] = say_linger,
        [FORM_TIME] = say_time,
        [FORM_NAME] = say_name,
};

void say_option(struct text *t, const struct call_view *view)
{
	const struct option_name *option = find((int)view->args[1], (int)view->args[2]);
	names_say(t, view->args[1], levels, N(levels));
	text_add_char(t, ' ');
	if (option)
		text_add(t, option->name);
	else
		text_add_uint(t, view->args[2]);
	forms[option ? option->form : FORM_INT](t, view->tid, view->args[3],
	                                        view->args[4] & 0xffffffffU);
}

void say_error_option(struct text *t, const struct call_view *view)
{
	int error;
	text_add(t, "SOL_SOCKET SO_ERROR");
	if (!view->returned || view->error != 0 ||
	    !calls_memory_read(view->tid, view->args[3], &error, sizeof error))
		return;
	text_add_char(t, ' ');
	names_say_error(t, error);
}
