/* wire_cable.c: see wire_cable.h; the ring's layout is that of linux/if_packet.h. It must not know
 * what the frames are. */
#include "runner/wire_cable.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"

enum { PLACE_BYTES = 2048, N_PLACES = 4096, BLOCK_BYTES = 65536, EVERY_PROTOCOL = 0x0003 };
#define RING_BYTES ((size_t)PLACE_BYTES * N_PLACES)

/* Where the kernel puts the address in a place: behind the header, which it pads. */
enum { ADDRESS_AT = (int)((sizeof(struct tpacket2_hdr) + 15) / 16 * 16) };
_Static_assert(TPACKET_ALIGNMENT == 16, "as man 7 packet has it");

static int open_ring(int fd)
{
	int version = TPACKET_V2, yes = 1;
	struct tpacket_req request = {
	        .tp_block_size = BLOCK_BYTES,
	        .tp_block_nr = RING_BYTES / BLOCK_BYTES,
	        .tp_frame_size = PLACE_BYTES,
	        .tp_frame_nr = N_PLACES,
	};
	/* since Linux 4.20; what we send ourselves is passed over anyhow */
	(void)setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);
	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) < 0)
		return -1;
	return setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof request);
}

int cable_open_socket(const char *interface, struct err *err)
{
	struct sockaddr_ll address = {
	        .sll_family = AF_PACKET,
	        .sll_protocol = htons(EVERY_PROTOCOL),
	        .sll_ifindex = (int)if_nametoindex(interface),
	};
	/* protocol 0: nothing comes before it is bound to the interface */
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd >= 0 && open_ring(fd) == 0 &&
	    bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	(void)err_errno(err, _("cannot open the cable of the %s"), interface);
	int error = errno;
	if (fd >= 0)
		(void)close(fd); /* it holds nothing */
	errno = error;
	return -1;
}

int cable_init(struct cable *cable, int fd)
{
	cable->fd = fd;
	cable->at = cable->n = 0;
	memset(cable->messages, 0, sizeof cable->messages);
	for (int i = 0; i < CABLE_BATCH; i++) {
		cable->pieces[i].iov_base = cable->bytes[i];
		cable->messages[i].msg_hdr.msg_iov = &cable->pieces[i];
		cable->messages[i].msg_hdr.msg_iovlen = 1;
	}
	void *ring = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	cable->ring = ring == MAP_FAILED ? NULL : ring;
	return cable->ring ? 0 : -1;
}

/* The kernel's struct at the beginning of a place of the ring: shared memory, not a wire's bytes.
 */
static struct tpacket2_hdr *place(const struct cable *cable)
{
	return (struct tpacket2_hdr *)(void *)(cable->ring + (size_t)cable->at * PLACE_BYTES);
}

static bool is_full(const struct tpacket2_hdr *header)
{
	return (__atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

static bool is_our_own(const struct tpacket2_hdr *header)
{
	struct sockaddr_ll from;
	memcpy(&from, (const uint8_t *)header + ADDRESS_AT, sizeof from);
	return from.sll_pkttype == PACKET_OUTGOING;
}

bool cable_next(struct cable *cable, const uint8_t **bytes, uint32_t *len, int64_t *time_ns)
{
	while (is_full(place(cable)) && is_our_own(place(cable)))
		cable_done(cable);
	const struct tpacket2_hdr *header = place(cable);
	if (!is_full(header))
		return false;
	*bytes = (const uint8_t *)header + header->tp_mac;
	*len = header->tp_snaplen;
	*time_ns = header->tp_sec * NS_PER_SECOND + header->tp_nsec;
	return true;
}

void cable_done(struct cable *cable)
{
	__atomic_store_n(&place(cable)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	cable->at = (cable->at + 1) % N_PLACES;
}

void cable_send(struct cable *cable, const uint8_t *bytes, uint32_t len)
{
	if (cable->n == CABLE_BATCH)
		cable_flush(cable);
	memcpy(cable->bytes[cable->n], bytes, len);
	cable->pieces[cable->n++].iov_len = len;
}

void cable_flush(struct cable *cable)
{
	for (unsigned sent = 0; sent < cable->n;) {
		int n = sendmmsg(cable->fd, cable->messages + sent, cable->n - sent, 0);
		if (n < 0 && errno == EINTR)
			continue;
		sent += n > 0 ? (unsigned)n : 1; /* the kernel refuses this one */
	}
	cable->n = 0;
}

uint64_t cable_lost(const struct cable *cable)
{
	struct tpacket_stats stats;
	socklen_t len = sizeof stats;
	if (getsockopt(cable->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) < 0)
		return 0;
	return stats.tp_drops;
}
