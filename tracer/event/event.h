/* event.h: the event, the product of the whole tool. Plain data without pointers: an event can be
 * copied, queued, written as one line of JSON and read back. Its JSON form is described once, in
 * the tables of event/schema*.c, and documented in event/README.md. */
#ifndef WIRELAB_EVENT_EVENT_H
#define WIRELAB_EVENT_EVENT_H

#include "base/json.h"
#include "decode/packet.h"
#include "flow/flow.h"
#include "flow/fragments.h"
#include "stream/message.h"

enum { EVENT_FORMAT = 1 };     /* version of the stream, in the session event */
enum { EVENT_TEXT_MAX = 512 }; /* bytes of a text member, terminator included */
enum { EVENT_NAME_MAX = 64 };
enum { EVENT_BYTES_MAX = 256 };  /* bytes of a frame that the stream carries as hex */
enum { EVENT_LINE_MAX = 32768 }; /* no line of the stream is longer, newline included */

enum event_kind {
	EVENT_SESSION,    /* first line: format and program */
	EVENT_CAPTURE,    /* capture started, statistics, ended */
	EVENT_SEGMENT,    /* one TCP segment in its connection */
	EVENT_DATAGRAM,   /* one UDP datagram */
	EVENT_MESSAGE,    /* what an application says in segments or in a datagram */
	EVENT_FRAME,      /* anything else on the wire: ARP, ICMP, fragments, what is not decoded */
	EVENT_CONNECTION, /* a connection opened, closed, evicted, unfinished */
	EVENT_PROGRAM,    /* a lab program started, is ready, exited */
	EVENT_OUTPUT,     /* a line that a lab program printed */
	EVENT_CALL,       /* a lab program's socket call began, or returned */
	EVENT_KERNEL,     /* what a host's kernel says of one of its sockets */
	EVENT_WIRE,       /* something was done to a frame on the emulated wire */
	EVENT_NOTE,       /* anything else a person should know */
	N_EVENT_KINDS
};

struct session_event {
	uint32_t format;
	char program[EVENT_NAME_MAX]; /* "wirelab-trace 0.1.0" */
	char lab[EVENT_NAME_MAX];     /* "01-hello", or empty */
};

enum capture_action { CAPTURE_STARTED, CAPTURE_STATISTICS, CAPTURE_ENDED, N_CAPTURE_ACTIONS };

struct capture_event {
	enum capture_action action;
	char source[EVENT_TEXT_MAX]; /* interface or file */
	char filter[EVENT_TEXT_MAX]; /* BPF expression, or empty */
	bool live;
	int32_t linktype;      /* -1: several, or not known yet */
	uint32_t snaplen;      /* bytes; 0: not known */
	uint64_t buffer_bytes; /* kernel buffer of a live capture */
	uint64_t captured;     /* frames analysed */
	uint64_t received;     /* by the kernel's filter */
	uint64_t dropped;      /* by the kernel, for want of room */
	uint64_t dropped_by_interface;
};

struct datagram_event {
	struct endpoint src, dst;
	uint16_t length;             /* of the UDP header's field */
	uint32_t len;                /* payload bytes that were sent */
	bool truncated;              /* not all of them were captured */
	char reason[EVENT_TEXT_MAX]; /* what is wrong inside it, or empty */
};

struct frame_event {
	enum packet_kind kind;
	enum packet_status status;
	char protocol[EVENT_NAME_MAX]; /* innermost layer's filter name, "arp", "icmp", "eth" */
	char reason[EVENT_TEXT_MAX];   /* why not decoded further, or empty */
	struct ip_header ip;           /* src.version 0: none */
	struct icmp_header icmp;       /* with KIND_ICMP */
	struct arp_packet arp;         /* with KIND_ARP */
};

enum program_action {
	PROGRAM_STARTED,
	PROGRAM_READY,
	PROGRAM_SIGNALLED,
	PROGRAM_EXITED,
	N_PROGRAM_ACTIONS
};

struct program_event {
	enum program_action action;
	enum side host;
	int32_t pid;
	char command[EVENT_TEXT_MAX];
	int32_t status; /* exit status, if exited normally; else -1 */
	int32_t signal; /* that ended it, or that was sent to it; else 0 */
	bool by_runner; /* the runner ended it, as planned */
	bool expected;  /* exited otherwise than with 0, as the lab wants it */
};

struct output_event {
	enum side host;
	bool is_stderr;
	char text[EVENT_TEXT_MAX]; /* one line without its newline; raw bytes, not yet made safe */
};

enum call_action { CALL_ENTERED, CALL_RETURNED, N_CALL_ACTIONS };

/* Every call has two events, each at its own time, joined by `id`; one that its program's end cuts
 * off has only the first. */
struct call_event {
	enum call_action action;
	enum side host;
	uint64_t id;      /* of the call, from 1 in a run */
	int32_t pid, tid; /* as the program itself sees them */
	int32_t fd;       /* the socket that it is about; -1: none, or a list of them */
	char program[EVENT_NAME_MAX];
	char name[EVENT_NAME_MAX];      /* the kernel's: "accept4" */
	char arguments[EVENT_TEXT_MAX]; /* the others, in words: "127.0.0.1:8080", "14 bytes" */
	/* The socket's two ends, where it has them and they are known (version 0: not). */
	struct endpoint local, remote;
	/* With CALL_RETURNED: */
	int64_t enter_ns;
	int64_t result;   /* -1 with an error */
	int32_t error;    /* errno; 0: none */
	bool is_transfer; /* result counts bytes that were read or written */
};

enum kernel_timer {
	KERNEL_TIMER_NONE,
	KERNEL_TIMER_RETRANSMIT, /* also TLP and the reordering timer */
	KERNEL_TIMER_KEEPALIVE,
	KERNEL_TIMER_TIME_WAIT,
	KERNEL_TIMER_PROBE, /* of a zero window */
	N_KERNEL_TIMERS
};

/* What is new since the last sample of the socket that was told: the most important thing. */
enum kernel_news {
	KERNEL_NEWS_FIGURES,
	KERNEL_NEWS_LOSS,  /* something was lost, or sent again */
	KERNEL_NEWS_STATE, /* its state, that it differs, or there was no sample before */
	N_KERNEL_NEWS
};

/* A sample of one TCP socket (sock_diag(7), struct tcp_info). The last one says that it is CLOSED:
 * the kernel's list does not have it any more. */
struct kernel_event {
	enum kernel_news news;
	enum side host;
	struct endpoint local, remote;
	enum tcp_state state;
	enum kernel_timer timer;
	int64_t timer_ns;    /* until it runs out */
	uint8_t retransmits; /* of the segment at the head, in a row */
	uint8_t probes, backoff;
	bool has_info;                   /* the members below are known (not in TIME-WAIT) */
	uint32_t snd_cwnd, snd_ssthresh; /* segments; ssthresh 0: not set yet */
	uint32_t snd_mss;                /* bytes */
	int64_t rtt_ns, rttvar_ns, rto_ns;
	uint32_t unacked, sacked, lost, retrans; /* segments */
	uint32_t total_retrans;                  /* segments, in its whole life */
	uint32_t send_queue, receive_queue; /* bytes; of a listener: backlog's limit, waiting */
	char congestion[16];                /* "cubic"; "" not known */
	/* Written by the tracer, which knows what the segments so far say: */
	int64_t stream;              /* tcp.stream; -1: no such connection yet */
	enum tcp_state inferred;     /* TCP_STATE_UNKNOWN: none */
	bool differs;                /* and no segment of it came after the sample */
	char reason[EVENT_TEXT_MAX]; /* why it may differ, "" if not */
};

enum wire_action {
	WIRE_SENT, /* it came in from its sender, and is on its way */
	WIRE_HELD, /* it waits for the learner */
	WIRE_RELEASED,
	WIRE_ARRIVED,
	WIRE_DROPPED,
	WIRE_DUPLICATED,
	WIRE_REORDERED,
	WIRE_CORRUPTED,
	N_WIRE_ACTIONS
};

struct wire_event {
	enum wire_action action;
	enum side from; /* which host sent the frame */
	uint64_t id;    /* of the frame, from 1 in a run; a duplicate has one of its own */
	uint64_t of;    /* of the frame that it is a copy of; 0: none */
	char fault[EVENT_NAME_MAX]; /* which did it: "drop client data 2"; "" the wire as it is */
	char what[EVENT_NAME_MAX];  /* the frame in short: "SYN,ACK", "data 14 bytes", "ARP" */
};

/* A frame's way over the emulated wire, which sees all of it. */
struct passage {
	uint64_t id; /* of the frame on the wire, from 1; 0: it came over no such wire */
	enum fate fate;
	bool reordered;              /* it was overtaken by one that was sent later */
	int64_t sent_ns;             /* when it came onto the wire */
	int64_t arrived_ns;          /* 0: it did not */
	char by[EVENT_NAME_MAX * 2]; /* the faults that did something to it, ", " between; or "" */
};

enum { CAUSE_NAME_MAX = 16 };

/* The call of its sender's program that a segment goes out for. */
struct cause {
	uint64_t call; /* its id; 0: none, or not known */
	char name[CAUSE_NAME_MAX];
};

struct note_event {
	uint64_t about; /* number of the event that it concerns, 0: none */
	char text[EVENT_TEXT_MAX];
};

struct event {
	enum event_kind kind;
	uint64_t number; /* from 1, in order of the stream */
	int64_t time_ns;
	uint64_t frame;           /* frame number in the capture, from 1; 0: not from a frame */
	uint32_t caplen, wirelen; /* of that frame */
	uint16_t n_bytes; /* of the frame, in bytes[]; 0 when the stream does not carry them */
	int16_t linktype; /* of the frame */
	uint8_t bytes[EVENT_BYTES_MAX];
	/* frames whose fragments the packet was put together from, the first ones; 0: it was whole
	 */
	uint64_t fragment_frames[FRAGMENTS_FRAMES];
	uint16_t n_fragments; /* how many there were */
	uint8_t n_fragment_frames;
	struct passage passage; /* of that frame */
	struct cause cause;     /* of a segment */
	union {
		struct session_event session;
		struct capture_event capture;
		struct segment segment;
		struct datagram_event datagram;
		struct message message;
		struct frame_event frame_info;
		struct connection connection;
		struct program_event program;
		struct output_event output;
		struct call_event call;
		struct kernel_event kernel;
		struct wire_event wire;
		struct note_event note;
	};
};

const char *event_kind_name(enum event_kind kind); /* "segment" */

/* Names of the small enums in the stream, one table each. */
const char *capture_action_name(enum capture_action action);
const char *program_action_name(enum program_action action);
const char *call_action_name(enum call_action action);
const char *kernel_timer_name(enum kernel_timer timer);
const char *kernel_news_name(enum kernel_news news);
const char *wire_action_name(enum wire_action action);

/* "SIGTERM", or NULL for a number that is none of the usual signals. */
const char *program_signal_name(int32_t signal);

/* "ECONNREFUSED", or NULL for a number that socket calls do not give. */
const char *errno_name(int32_t error);

/* The number of that name here, or 0. */
int32_t errno_number(const char *name);

/* Appends the event as one line of JSON, newline included, in the documented order of keys.
 * `explanation` (may be NULL, at most 4095 bytes) becomes the member "explain". The line is at most
 * EVENT_LINE_MAX bytes long. */
void event_write(struct text *t, const struct event *event, const char *explanation);

/* The sentences that go with an event; each may be NULL. */
struct event_words {
	const char *explanation;        /* becomes "explain" */
	const char *why[DIAGNOSES_MAX]; /* becomes "why" in the segment's diagnoses */
};

/* The same with all its sentences. */
void event_write_words(struct text *t, const struct event *event, const struct event_words *words);

/* Reads one line (without its newline) into *event; members it does not know are passed over,
 * absent ones get what their absence means (README.md). What event_write() wrote is read back the
 * same, as far as the stream carries it: values of a TCB that are not known, and texts that are not
 * UTF-8, are not. 0, or -1: not an event of this format (err names the fault); *event is then a
 * valid event with no meaning. Never reads past the line. */
int event_read(struct event *event, const char *line, size_t n, char *err, size_t err_size);

/* The same for programs that read a million lines and show fifty: of a segment it reads number,
 * time, frame, stream, side, ends, seq, ack, flags, len, window, the number of SACK blocks, labels,
 * phase and both states; the rest of *event is then NOT SET. Other kinds are read whole. The line
 * is checked for its form all the same, the values that are passed over are not. */
int event_read_brief(struct event *event, const char *line, size_t n, char *err, size_t err_size);

/* The same segment, connection or message with client and server exchanged, for a person who knows
 * better than the guess (roles_guessed stays); other kinds stay as they are. What
 * event_read_brief() read may be swapped too. */
void event_swap_roles(struct event *event);

/* Makes *event a datagram or a frame event from a packet that flow does not take: sets the kind and
 * that kind's part; number, time, frame and bytes stay the caller's. */
void event_from_packet(struct event *event, const struct packet *packet);

/* What became of a fragment, into a frame event that was made from its packet. */
void event_from_fragment(struct event *event, const struct fragment_news *news);

/* The frames of a datagram that is whole now; NULL: it came in one. */
void event_set_fragments(struct event *event, const struct fragment_news *news);

/* Makes the note about a datagram that was given up; the kind stays the caller's. */
void event_from_loss(struct event *event, const struct fragment_loss *loss);

#endif
