/* sample.c: see sample.h. The record is the kernel's own memory layout (linux/inet_diag.h,
 * linux/tcp.h), in this machine's byte order; an older kernel's struct tcp_info is shorter. */
#include "runner/sample.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "runner/sockdiag.h"

/* Bits of the kernel's states 1 (established) to 12 (a SYN that was answered); not 13, bound
 * sockets that do nothing yet: to list those takes the kernel long. */
enum { ALL_STATES = 0x1ffe, NO_SSTHRESH = 0x7fffffff };

/* The attributes stand behind this, which is a multiple of their alignment. */
enum { HEAD = sizeof(struct inet_diag_msg) };

/* The kernel's numbers for what runs in idiag_timer. */
static const enum kernel_timer timer_of[] = {
        [0] = KERNEL_TIMER_NONE,      [1] = KERNEL_TIMER_RETRANSMIT, [2] = KERNEL_TIMER_KEEPALIVE,
        [3] = KERNEL_TIMER_TIME_WAIT, [4] = KERNEL_TIMER_PROBE,
};

/* The value of the first attribute of that type, and its length; NULL: there is none. The lengths
 * in it are not trusted. */
static const uint8_t *find_attribute(const uint8_t *bytes, size_t len, uint16_t type, size_t *n)
{
	struct nlattr attribute;
	while (len >= sizeof attribute) {
		memcpy(&attribute, bytes, sizeof attribute);
		if (attribute.nla_len < sizeof attribute || attribute.nla_len > len)
			return NULL;
		if ((attribute.nla_type & NLA_TYPE_MASK) == type) {
			*n = attribute.nla_len - sizeof attribute;
			return bytes + sizeof attribute;
		}
		size_t whole =
		        ((size_t)attribute.nla_len + NLA_ALIGNTO - 1) / NLA_ALIGNTO * NLA_ALIGNTO;
		if (whole >= len)
			return NULL;
		bytes += whole;
		len -= whole;
	}
	return NULL;
}

/* An IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) becomes what is on the wire. */
static void unmap(struct addr *addr)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};
	if (addr->version != 6 || memcmp(addr->bytes, prefix, sizeof prefix) != 0)
		return;
	struct addr plain = {.version = 4};
	memcpy(plain.bytes, addr->bytes + sizeof prefix, 4);
	*addr = plain;
}

static void read_info(struct kernel_event *sample, const uint8_t *bytes, size_t len)
{
	struct tcp_info info = {0};
	size_t least = offsetof(struct tcp_info, tcpi_pacing_rate);
	if (!bytes || len < least)
		return;
	memcpy(&info, bytes, len < sizeof info ? len : sizeof info);
	sample->has_info = true;
	sample->retransmits = info.tcpi_retransmits;
	sample->probes = info.tcpi_probes;
	sample->backoff = info.tcpi_backoff;
	sample->snd_cwnd = info.tcpi_snd_cwnd;
	if (info.tcpi_snd_ssthresh < NO_SSTHRESH)
		sample->snd_ssthresh = info.tcpi_snd_ssthresh;
	sample->snd_mss = info.tcpi_snd_mss;
	sample->rtt_ns = info.tcpi_rtt * NS_PER_US;
	sample->rttvar_ns = info.tcpi_rttvar * NS_PER_US;
	sample->rto_ns = info.tcpi_rto * NS_PER_US;
	sample->unacked = info.tcpi_unacked;
	sample->sacked = info.tcpi_sacked;
	sample->lost = info.tcpi_lost;
	sample->retrans = info.tcpi_retrans;
	sample->total_retrans = info.tcpi_total_retrans;
}

static void read_congestion(struct kernel_event *sample, const uint8_t *bytes, size_t len)
{
	size_t room = sizeof sample->congestion - 1;
	if (bytes) /* the rest of the member is zero */
		memcpy(sample->congestion, bytes, len < room ? len : room);
}

static void read_timer(struct kernel_event *sample, const struct inet_diag_msg *record)
{
	if (record->idiag_timer < sizeof timer_of / sizeof *timer_of)
		sample->timer = timer_of[record->idiag_timer];
	if (sample->timer == KERNEL_TIMER_NONE)
		return;
	sample->timer_ns = record->idiag_expires * NS_PER_MS;
	if (sample->timer == KERNEL_TIMER_RETRANSMIT) /* of a SYN,ACK too, which has no tcp_info */
		sample->retransmits = record->idiag_retrans;
}

bool sample_read(struct kernel_event *sample, const void *payload, size_t len)
{
	struct inet_diag_msg record;
	struct socket_info socket;
	*sample = (struct kernel_event){.stream = -1};
	if (!socket_info_read(&socket, payload, len) || socket.state <= TCP_CLOSED)
		return false;
	memcpy(&record, payload, sizeof record); /* long enough: socket_info_read() looked */
	sample->state = socket.state;
	sample->local = socket.local;
	unmap(&sample->local.addr);
	sample->send_queue = record.idiag_wqueue;
	sample->receive_queue = record.idiag_rqueue;
	const uint8_t *rest = (const uint8_t *)payload + HEAD;
	size_t n = 0, left = len - HEAD;
	const uint8_t *name = find_attribute(rest, left, INET_DIAG_CONG, &n);
	read_congestion(sample, name, name ? strnlen((const char *)name, n) : 0);
	if (sample->state == TCP_LISTEN)
		return true; /* it has no other end, and sends nothing */
	sample->remote = socket.remote;
	unmap(&sample->remote.addr);
	const uint8_t *info = find_attribute(rest, left, INET_DIAG_INFO, &n);
	if (sample->state != TCP_TIME_WAIT)
		read_info(sample, info, n);
	read_timer(sample, &record);
	return true;
}

struct listing {
	sample_each_fn *each;
	void *data;
};

static void on_record(const void *payload, size_t len, void *data)
{
	const struct listing *listing = data;
	struct kernel_event sample;
	if (sample_read(&sample, payload, len))
		listing->each(&sample, listing->data);
}

int sample_all(struct netlink *diag, sample_each_fn *each, void *data, struct err *err)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	struct listing listing = {each, data};
	for (size_t i = 0; i < sizeof families; i++) {
		struct inet_diag_req_v2 request = {
		        .sdiag_family = families[i],
		        .sdiag_protocol = IPPROTO_TCP,
		        .idiag_ext = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_CONG - 1),
		        .idiag_states = ALL_STATES,
		};
		if (netlink_dump(diag, SOCK_DIAG_BY_FAMILY, &request, sizeof request, on_record,
		                 &listing, err) < 0)
			return -1;
	}
	return 0;
}
