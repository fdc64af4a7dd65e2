/* packets.h: writes frames and capture files byte by byte, for golden tests and benchmarks. It
 * shares no code with the tracer, so that a mistake there is not repeated here. Everything is
 * deterministic: no clock, no random numbers but those of a seed. A write that fails ends the
 * program with a message. */
#ifndef WIRELAB_TESTS_PACKETS_H
#define WIRELAB_TESTS_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- capture files ---- */

enum file_form {
	PCAP_NANO,  /* little-endian, nanoseconds */
	PCAP_MICRO, /* little-endian, microseconds */
	PCAP_BIG,   /* big-endian, microseconds */
	PCAPNG,     /* little-endian, nanoseconds, any mix of link types */
	PCAPNG_BIG,
};

enum { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_LOOP = 0, LINK_SLL = 113 };
enum { MAX_INTERFACES = 4, MAX_FRAME = 65536 };

struct capture {
	FILE *file;
	enum file_form form;
	uint32_t snaplen;
	int linktype;                   /* of the frames that follow; fixed in a pcap file */
	int64_t now_ns;                 /* time of the next frame */
	int interfaces[MAX_INTERFACES]; /* pcapng: link types already described */
	int n_interfaces;
};

/* Creates the file, with its header. */
void capture_create(struct capture *capture, const char *path, enum file_form form, int linktype,
                    uint32_t snaplen);

/* Writes one frame of `len` bytes, cut to the snap length; does not move the clock. */
void capture_frame(struct capture *capture, const uint8_t *bytes, size_t len);

void capture_wait(struct capture *capture, int64_t ns);
void capture_close(struct capture *capture);

/* ---- frames: a buffer that is appended to; numbers in network byte order ---- */
struct frame {
	size_t len;
	uint8_t bytes[MAX_FRAME];
};

void put8(struct frame *frame, unsigned value);
void put16(struct frame *frame, unsigned value);
void put32(struct frame *frame, uint32_t value);
void put_bytes(struct frame *frame, const void *bytes, size_t n);

/* Overwrites two bytes that have been put. */
void set16(struct frame *frame, size_t at, unsigned value);

/* ---- hosts and what they send ---- */
enum end { LEFT, RIGHT };

struct host {
	uint8_t mac[6];
	uint8_t version; /* 4 or 6 */
	uint8_t addr[16];
};

/* Host number n of net 192.0.2.0/24 or 2001:db8::/64. */
struct host host_of(int version, unsigned n);

/* Starts a frame: link header for the capture's link type, with these VLAN tags (0: none). */
void put_link(struct frame *frame, const struct capture *capture, const struct host *src,
              const struct host *dst, unsigned ethertype, unsigned outer_vlan, unsigned vlan);

/* An IPv4 or IPv6 header, for a payload that follows; returns where it starts, for ip_finish(). */
size_t put_ip(struct frame *frame, const struct host *src, const struct host *dst,
              unsigned protocol);

/* Fills in lengths and checksums, once the payload is there. `checksum_at` is the offset of the
 * payload's checksum within the payload, or -1. */
void ip_finish(struct frame *frame, size_t ip_at, int checksum_at);

enum { MAX_BLOCKS = 3 };

/* Two hosts talking TCP over one connection. seq[] is the next number each end sends, got[] the
 * next that it expects. */
struct talk {
	struct capture *capture;
	struct host host[2];
	uint16_t port[2];
	uint32_t seq[2], got[2];
	uint16_t window[2]; /* the field as sent */
	uint32_t echo[2];   /* the last timestamp that each end got */
	bool plain;         /* no options but MSS */
	unsigned outer_vlan, vlan;
	int64_t gap_ns; /* time passes by this before each segment */
	uint32_t sack[MAX_BLOCKS][2];
	int n_sack;          /* blocks in the next segment only */
	const char *options; /* for the next segment only: these instead of the usual ones */
	size_t options_len;  /* a multiple of 4 */
};

enum flag { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10 };

/* Prepares a connection; nothing is sent yet. */
struct talk talk_of(struct capture *capture, int version, unsigned left, unsigned right);

/* Sends one segment from that end and moves its seq. With `lost`, the other end does not get it.
 * Otherwise the other end's got moves if the segment is the next it expects. */
void talk_send(struct talk *talk, enum end from, unsigned flags, const void *payload, size_t len);
void talk_lose(struct talk *talk, enum end from, unsigned flags, const void *payload, size_t len);

/* Sends again, from sequence number `seq`, without moving the sender's seq back or forth. */
void talk_resend(struct talk *talk, enum end from, uint32_t seq, unsigned flags,
                 const void *payload, size_t len);

/* The windows are counted in units of 2^7 bytes from here on, as both SYNs said. */
void talk_scale(struct talk *talk);

/* Three segments. */
void talk_handshake(struct talk *talk);

/* FIN from `first`, FIN,ACK, ACK: three segments; or four, with an ACK of its own in between. */
void talk_close(struct talk *talk, enum end first, int segments);

#endif
