/* story.c: events that are not a frame: what the tracer and the lab's programs did, and a
 * connection's beginning and end as a whole. */
#include <signal.h>
#include <string.h>

#include "explain/elapsed.h"
#include "explain/rule.h"

/* ---- words ---- */

static const struct capture_event *capture_of(const struct scene *c)
{
	return &c->event->capture;
}
static const struct connection *connection_of(const struct scene *c)
{
	return &c->event->connection;
}
static const struct program_event *program_of(const struct scene *c)
{
	return &c->event->program;
}

static void add_outside(struct text *t, const char *s)
{
	text_add_terminal(t, s, strlen(s));
}

static void add_source(struct text *t, const struct scene *c)
{
	add_outside(t, capture_of(c)->source);
}
static void add_captured(struct text *t, const struct scene *c)
{
	text_add_uint(t, capture_of(c)->captured);
}
static void add_dropped(struct text *t, const struct scene *c)
{
	text_add_uint(t, capture_of(c)->dropped + capture_of(c)->dropped_by_interface);
}
static void add_filter(struct text *t, const struct scene *c)
{
	if (capture_of(c)->filter[0] == '\0')
		return;
	text_add_char(t, ' ');
	text_add(t, tr(c, N_("Only what the filter lets through is seen:")));
	text_add_char(t, ' ');
	add_outside(t, capture_of(c)->filter);
	text_add_char(t, '.');
}
static void add_stream(struct text *t, const struct scene *c)
{
	text_add_uint(t, connection_of(c)->stream);
}
static void add_client(struct text *t, const struct scene *c)
{
	text_add_endpoint(t, &connection_of(c)->ends[CLIENT]);
}
static void add_server(struct text *t, const struct scene *c)
{
	text_add_endpoint(t, &connection_of(c)->ends[SERVER]);
}
static void add_client_bytes(struct text *t, const struct scene *c)
{
	add_bytes(t, c, connection_of(c)->sent[CLIENT].unique_bytes);
}
static void add_server_bytes(struct text *t, const struct scene *c)
{
	add_bytes(t, c, connection_of(c)->sent[SERVER].unique_bytes);
}
static void add_duration(struct text *t, const struct scene *c)
{
	text_add_span(t, elapsed_ns(connection_of(c)->start_ns, connection_of(c)->end_ns));
}
static void add_first_fin(struct text *t, const struct scene *c)
{
	add_role(t, c, connection_of(c)->first_fin);
}
static void add_reset_by(struct text *t, const struct scene *c)
{
	add_role(t, c, connection_of(c)->reset_by);
}
static void add_client_state(struct text *t, const struct scene *c)
{
	text_add(t, tcp_state_name(connection_of(c)->states[CLIENT]));
}
static void add_server_state(struct text *t, const struct scene *c)
{
	text_add(t, tcp_state_name(connection_of(c)->states[SERVER]));
}
static void add_guessed(struct text *t, const struct scene *c)
{
	if (!connection_of(c)->roles_guessed)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(c, N_("No SYN was seen: which end is the client is a guess.")));
}
static void add_host(struct text *t, const struct scene *c)
{
	add_role(t, c, program_of(c)->host);
}
static void add_command(struct text *t, const struct scene *c)
{
	add_outside(t, program_of(c)->command);
}
static void add_pid(struct text *t, const struct scene *c)
{
	text_add_int(t, program_of(c)->pid);
}
static void add_status(struct text *t, const struct scene *c)
{
	text_add_int(t, program_of(c)->status);
}
static void add_signal(struct text *t, const struct scene *c)
{
	const char *name = program_signal_name(program_of(c)->signal);
	if (name) {
		text_add(t, name);
		return;
	}
	text_add(t, tr(c, N_("signal")));
	text_add_char(t, ' ');
	text_add_int(t, program_of(c)->signal);
}
/* "status 1" or "SIGSEGV" */
static void add_ending(struct text *t, const struct scene *c)
{
	if (program_of(c)->signal) {
		add_signal(t, c);
		return;
	}
	text_add(t, tr(c, N_("status")));
	text_add_char(t, ' ');
	text_add_int(t, program_of(c)->status);
}
static void add_printer(struct text *t, const struct scene *c)
{
	add_role(t, c, c->event->output.host);
}
static void add_note(struct text *t, const struct scene *c)
{
	add_outside(t, c->event->note.text);
}
static void add_program(struct text *t, const struct scene *c)
{
	add_outside(t, c->event->session.program);
}

static const struct word words[] = {
        {"captured", add_captured},
        {"client", add_client},
        {"client_bytes", add_client_bytes},
        {"client_state", add_client_state},
        {"command", add_command},
        {"dropped", add_dropped},
        {"duration", add_duration},
        {"ending", add_ending},
        {"filter", add_filter},
        {"first_fin", add_first_fin},
        {"guessed", add_guessed},
        {"host", add_host},
        {"note", add_note},
        {"pid", add_pid},
        {"printer", add_printer},
        {"program", add_program},
        {"reset_by", add_reset_by},
        {"server", add_server},
        {"server_bytes", add_server_bytes},
        {"server_state", add_server_state},
        {"signal", add_signal},
        {"source", add_source},
        {"status", add_status},
        {"stream", add_stream},
};

const struct vocabulary story_words = {words, sizeof words / sizeof words[0]};

/* ---- conditions ---- */

static bool always(const struct scene *c)
{
	(void)c; /* the only rule, or the last of its list */
	return true;
}
static bool capture_starts(const struct scene *c)
{
	return capture_of(c)->action == CAPTURE_STARTED;
}
static bool capture_lost(const struct scene *c)
{
	return capture_of(c)->dropped + capture_of(c)->dropped_by_interface > 0;
}
static bool capture_counts(const struct scene *c)
{
	return capture_of(c)->action == CAPTURE_STATISTICS;
}
static bool connection_opens(const struct scene *c)
{
	return connection_of(c)->action == CONNECTION_OPENED;
}
static bool connection_evicted(const struct scene *c)
{
	return connection_of(c)->action == CONNECTION_EVICTED;
}
static bool connection_unfinished(const struct scene *c)
{
	return connection_of(c)->action == CONNECTION_UNFINISHED;
}
static bool connection_refused(const struct scene *c)
{
	return connection_of(c)->open == OPEN_REFUSED;
}
static bool connection_reset(const struct scene *c)
{
	return connection_of(c)->close == CLOSE_RESET;
}
static bool closed_at_once(const struct scene *c)
{
	return connection_of(c)->close == CLOSE_SIMULTANEOUS;
}
static bool closed_in_three(const struct scene *c)
{
	return connection_of(c)->close == CLOSE_THREE_WAY;
}
static bool closed_in_four(const struct scene *c)
{
	return connection_of(c)->close == CLOSE_FOUR_WAY;
}
static bool program_starts(const struct scene *c)
{
	return program_of(c)->action == PROGRAM_STARTED;
}
static bool program_ready(const struct scene *c)
{
	return program_of(c)->action == PROGRAM_READY;
}
static bool program_signalled(const struct scene *c)
{
	return program_of(c)->action == PROGRAM_SIGNALLED;
}
static bool ended_by_runner(const struct scene *c)
{
	return program_of(c)->by_runner;
}
static bool expected_to_fail(const struct scene *c)
{
	return program_of(c)->expected;
}
static bool killed_by_pipe(const struct scene *c)
{
	return program_of(c)->signal == SIGPIPE;
}
static bool killed(const struct scene *c)
{
	return program_of(c)->signal != 0;
}
static bool failed(const struct scene *c)
{
	return program_of(c)->status != 0;
}

/* ---- sentences ---- */

const struct rule session_rules[] = {
        {always, N_("{program}"), N_("The stream of events begins."), NULL, NULL},
        {0},
};

const struct rule capture_rules[] = {
        {capture_starts, N_("Capturing from {source}"),
         N_("Every frame from here on is recorded with the time at which the capture point saw "
            "it.{filter}"),
         NULL, NULL},
        {capture_lost, N_("{captured} frames captured, {dropped} lost by the capture"),
         N_("The capture had no room for {dropped} frames: they were on the wire but are not "
            "shown. "
            "Gaps and \"lost\" segments may be the capture's, not the network's. A larger buffer "
            "(-B) or a filter helps."),
         NULL, NULL},
        {capture_counts, N_("{captured} frames captured, none lost by the capture"),
         N_("What is shown is everything that passed the capture point and the filter."), NULL,
         NULL},
        {always, N_("The capture has ended: {captured} frames"),
         N_("What happens on the wire after this is not seen."), NULL, NULL},
        {0},
};

const struct rule connection_rules[] = {
        {connection_opens, N_("Connection {stream} begins"),
         N_("The first segment between {client} (client) and {server} (server). These two "
            "addresses "
            "and two ports together name the connection.{guessed}"),
         NULL, "RFC 9293 section 3.4.1"},
        {connection_evicted, N_("Connection {stream} is forgotten"),
         N_("So many connections are open that the one that was silent for longest makes room. If "
            "it goes on, it will be shown as a new one."),
         NULL, NULL},
        {connection_unfinished, N_("Connection {stream} was still open at the end"),
         N_("The trace ended first: client {client_state}, server {server_state}, after "
            "{duration}. "
            "The client sent {client_bytes}, the server {server_bytes}."),
         NULL, NULL},
        {connection_refused, N_("Connection {stream} was refused"),
         N_("The {reset_by} answered with RST before the connection was open, {duration} after it "
            "was asked for. No data was exchanged."),
         NULL, "RFC 9293 section 3.5.2"},
        {connection_reset, N_("Connection {stream} was reset by the {reset_by}"),
         N_("It ended with RST after {duration}: not in order, and data may be lost. The client "
            "had "
            "sent {client_bytes}, the server {server_bytes}."),
         NULL, "RFC 9293 section 3.5.2"},
        {closed_at_once, N_("Connection {stream} closed from both ends at once"),
         N_("The two FINs crossed on the way. It lasted {duration}; the client sent "
            "{client_bytes}, the server {server_bytes}."),
         NULL, "RFC 9293 section 3.6, figure 13"},
        {closed_in_three, N_("Connection {stream} closed in three segments"),
         N_("The {first_fin} closed first; FIN and ACK of the other end came together. It lasted "
            "{duration}; the client sent {client_bytes}, the server {server_bytes}."),
         NULL, "RFC 9293 section 3.6"},
        {closed_in_four, N_("Connection {stream} closed in four segments"),
         N_("The {first_fin} closed first; its FIN was acknowledged before the other end closed "
            "too. "
            "It lasted {duration}; the client sent {client_bytes}, the server {server_bytes}."),
         NULL, "RFC 9293 section 3.6, figure 12"},
        {always, N_("Connection {stream} is over"),
         N_("It lasted {duration}; the client sent {client_bytes}, the server {server_bytes}."),
         NULL, NULL},
        {0},
};

const struct rule program_rules[] = {
        {program_starts, N_("The {host} starts: {command}"),
         N_("Its process id is {pid}. What it does with sockets appears on the wire from now on."),
         NULL, NULL},
        {program_ready, N_("The {host} is ready"),
         N_("It waits for someone to connect or to send: now a client can be started."), NULL,
         NULL},
        {program_signalled, N_("The {host} gets {signal}"),
         N_("The signal asks it to end. When a process ends, the kernel closes its sockets: that "
            "sends FIN, or RST where data is unread."),
         NULL, NULL},
        {ended_by_runner, N_("The {host} was ended, as planned"),
         N_("The runner ended it, because the lab is over and this program would go on for ever."),
         NULL, NULL},
        {expected_to_fail, N_("The {host} ended with {ending}, as this lab expects"),
         N_("A status other than 0, or a signal, says that something went wrong. That is what this "
            "run is there to show; the program's last lines of output tell what it was."),
         NULL, NULL},
        {killed_by_pipe, N_("The {host} was killed by SIGPIPE"),
         N_("It wrote to a connection that the other end had reset. The kernel answers such a "
            "write() with SIGPIPE, which kills a program that does not ignore it."),
         NULL, "signal(7), send(2): MSG_NOSIGNAL"},
        {killed, N_("The {host} was killed by {signal}"),
         N_("It did not end by itself. The kernel closed its sockets: that sends FIN, or RST where "
            "data is unread."),
         NULL, NULL},
        {failed, N_("The {host} failed with status {status}"),
         N_("A status other than 0 says that something went wrong; its last lines of output tell "
            "what."),
         NULL, NULL},
        {always, N_("The {host} has ended"),
         N_("Its status is 0: all went well. The kernel closes the sockets that it left open."),
         NULL, NULL},
        {0},
};

const struct rule output_rules[] = {
        {always, N_("The {printer} prints a line"),
         N_("Printed by the program, not sent on the wire: it shows what the program made of the "
            "segments so far."),
         NULL, NULL},
        {0},
};

const struct rule note_rules[] = {
        {always, N_("Note"), N_("{note}"), NULL, NULL},
        {0},
};
