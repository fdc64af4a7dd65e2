/* names.c: the words of the event stream for kinds of events and small enums, one table each. The
 * stream is never translated. */
#include "event/schema.h"

#include <assert.h>
#include <signal.h>
#include <string.h>

static const char *const kind_names[N_EVENT_KINDS] = {
        [EVENT_SESSION] = "session",
        [EVENT_CAPTURE] = "capture",
        [EVENT_SEGMENT] = "segment",
        [EVENT_DATAGRAM] = "datagram",
        [EVENT_MESSAGE] = "message",
        [EVENT_FRAME] = "frame",
        [EVENT_CONNECTION] = "connection",
        [EVENT_PROGRAM] = "program",
        [EVENT_OUTPUT] = "output",
        [EVENT_CALL] = "call",
        [EVENT_KERNEL] = "kernel",
        [EVENT_WIRE] = "wire",
        [EVENT_NOTE] = "note",
};

const char *event_kind_name(enum event_kind kind)
{
	assert(kind < N_EVENT_KINDS);
	return kind_names[kind];
}

const char *capture_action_name(enum capture_action action)
{
	static const char *const names[N_CAPTURE_ACTIONS] = {
	        [CAPTURE_STARTED] = "started",
	        [CAPTURE_STATISTICS] = "statistics",
	        [CAPTURE_ENDED] = "ended",
	};
	assert(action < N_CAPTURE_ACTIONS);
	return names[action];
}

const char *program_action_name(enum program_action action)
{
	static const char *const names[N_PROGRAM_ACTIONS] = {
	        [PROGRAM_STARTED] = "started",
	        [PROGRAM_READY] = "ready",
	        [PROGRAM_SIGNALLED] = "signalled",
	        [PROGRAM_EXITED] = "exited",
	};
	assert(action < N_PROGRAM_ACTIONS);
	return names[action];
}

const char *call_action_name(enum call_action action)
{
	static const char *const names[N_CALL_ACTIONS] = {
	        [CALL_ENTERED] = "entered",
	        [CALL_RETURNED] = "returned",
	};
	assert(action < N_CALL_ACTIONS);
	return names[action];
}

const char *kernel_timer_name(enum kernel_timer timer)
{
	static const char *const names[N_KERNEL_TIMERS] = {
	        [KERNEL_TIMER_NONE] = "none",           [KERNEL_TIMER_RETRANSMIT] = "retransmit",
	        [KERNEL_TIMER_KEEPALIVE] = "keepalive", [KERNEL_TIMER_TIME_WAIT] = "time-wait",
	        [KERNEL_TIMER_PROBE] = "probe",
	};
	assert(timer < N_KERNEL_TIMERS);
	return names[timer];
}

const char *kernel_news_name(enum kernel_news news)
{
	static const char *const names[N_KERNEL_NEWS] = {
	        [KERNEL_NEWS_FIGURES] = "figures",
	        [KERNEL_NEWS_LOSS] = "loss",
	        [KERNEL_NEWS_STATE] = "state",
	};
	assert(news < N_KERNEL_NEWS);
	return names[news];
}

const char *wire_action_name(enum wire_action action)
{
	static const char *const names[N_WIRE_ACTIONS] = {
	        [WIRE_SENT] = "sent",           [WIRE_HELD] = "held",
	        [WIRE_RELEASED] = "released",   [WIRE_ARRIVED] = "arrived",
	        [WIRE_DROPPED] = "dropped",     [WIRE_DUPLICATED] = "duplicated",
	        [WIRE_REORDERED] = "reordered", [WIRE_CORRUPTED] = "corrupted",
	};
	assert(action < N_WIRE_ACTIONS);
	return names[action];
}

const char *program_signal_name(int32_t signal)
{
	static const struct {
		int32_t number;
		const char *name;
	} signals[] = {
	        {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"},
	        {SIGILL, "SIGILL"},   {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},
	        {SIGFPE, "SIGFPE"},   {SIGKILL, "SIGKILL"}, {SIGSEGV, "SIGSEGV"},
	        {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"},
	        {SIGXCPU, "SIGXCPU"},
	};
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (signals[i].number == signal)
			return signals[i].name;
	return NULL;
}

/* ---- the same as words: functions of a plain number ---- */
#define WORDS_OF(table, type, name_function, count)                                                \
	static const char *table##_name(unsigned value)                                            \
	{                                                                                          \
		return name_function((type)value);                                                 \
	}                                                                                          \
	const struct words table = {table##_name, count};

WORDS_OF(words_side, enum side, side_name, N_SIDES)
WORDS_OF(words_phase, enum phase, phase_name, N_PHASES)
WORDS_OF(words_state, enum tcp_state, tcp_state_name, N_TCP_STATES)
WORDS_OF(words_capture_action, enum capture_action, capture_action_name, N_CAPTURE_ACTIONS)
WORDS_OF(words_program_action, enum program_action, program_action_name, N_PROGRAM_ACTIONS)
WORDS_OF(words_call_action, enum call_action, call_action_name, N_CALL_ACTIONS)
WORDS_OF(words_kernel_timer, enum kernel_timer, kernel_timer_name, N_KERNEL_TIMERS)
WORDS_OF(words_kernel_news, enum kernel_news, kernel_news_name, N_KERNEL_NEWS)
WORDS_OF(words_wire_action, enum wire_action, wire_action_name, N_WIRE_ACTIONS)
WORDS_OF(words_fate, enum fate, fate_name, N_FATES)
WORDS_OF(words_connection_action, enum connection_action, connection_action_name,
         N_CONNECTION_ACTIONS)
WORDS_OF(words_open, enum open_kind, open_kind_name, N_OPEN_KINDS)
WORDS_OF(words_conn_state, enum conn_state, conn_state_name, N_CONN_STATES)
WORDS_OF(words_diagnosis, enum diagnosis_label, diagnosis_name, N_DIAGNOSES)
WORDS_OF(words_close, enum close_kind, close_kind_name, N_CLOSE_KINDS)

static const char *packet_kind_name(unsigned kind)
{
	static const char *const names[] = {
	        [KIND_NONE] = "none", [KIND_ARP] = "arp", [KIND_ICMP] = "icmp",
	        [KIND_UDP] = "udp",   [KIND_TCP] = "tcp", [KIND_FRAGMENT] = "fragment",
	};
	return names[kind];
}
const struct words words_packet_kind = {packet_kind_name, KIND_FRAGMENT + 1};

static const char *packet_status_name(unsigned status)
{
	static const char *const names[] = {
	        [PACKET_OK] = "ok",
	        [PACKET_TRUNCATED] = "truncated",
	        [PACKET_MALFORMED] = "malformed",
	        [PACKET_UNKNOWN] = "unknown",
	};
	return names[status];
}
const struct words words_packet_status = {packet_status_name, PACKET_UNKNOWN + 1};

/* Words for a bool: false, true. */
static const char *output_name(unsigned is_stderr)
{
	return is_stderr ? "stderr" : "stdout";
}
const struct words words_output = {output_name, 2};

static const char *runner_name(unsigned by_runner)
{
	return by_runner ? "runner" : "itself";
}
const struct words words_runner = {runner_name, 2};

static const char *guessed_name(unsigned guessed)
{
	return guessed ? "guessed" : "seen";
}
const struct words words_guessed = {guessed_name, 2};

static const char *transport_name(unsigned is_datagram)
{
	return is_datagram ? "udp" : "tcp";
}
const struct words words_transport = {transport_name, 2};

int words_find(const struct words *words, const char *name)
{
	for (unsigned value = 0; value < words->n; value++)
		if (strcmp(words->name(value), name) == 0)
			return (int)value;
	return -1;
}
