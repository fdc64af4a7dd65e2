/* call.c: what a socket call of a program means for the wire, and what its return does and does not
 * tell: RFC 9293 section 3.9.1 (the user's side), man 2 of each call. */
#include <errno.h>
#include <string.h>

#include "explain/elapsed.h"
#include "explain/rule.h"

static const struct call_event *call_of(const struct scene *c)
{
	return &c->event->call;
}

/* ---- which call ---- */

static bool is_named(const struct scene *c, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(call_of(c)->name, *names) == 0)
			return true;
	return false;
}

static bool is_connect(const struct scene *c)
{
	return is_named(c, (const char *const[]){"connect", NULL});
}
static bool is_accept(const struct scene *c)
{
	return is_named(c, (const char *const[]){"accept", "accept4", NULL});
}
static bool reads(const struct scene *c)
{
	return is_named(
	        c, (const char *const[]){"read", "readv", "recvfrom", "recvmsg", "recvmmsg", NULL});
}
static bool writes(const struct scene *c)
{
	return is_named(c, (const char *const[]){"write", "writev", "sendto", "sendmsg", "sendmmsg",
	                                         "sendfile", NULL});
}
static bool closes(const struct scene *c)
{
	return is_named(c, (const char *const[]){"close", NULL});
}
static bool shuts_down(const struct scene *c)
{
	return is_named(c, (const char *const[]){"shutdown", NULL});
}
static bool listens(const struct scene *c)
{
	return is_named(c, (const char *const[]){"listen", NULL});
}
static bool waits_for_many(const struct scene *c)
{
	return is_named(c,
	                (const char *const[]){"poll", "ppoll", "select", "pselect6", "epoll_wait",
	                                      "epoll_pwait", "epoll_pwait2", NULL});
}

/* ---- how far ---- */

static bool is_entered(const struct scene *c)
{
	return call_of(c)->action == CALL_ENTERED;
}
static bool failed_with(const struct scene *c, int32_t error)
{
	return !is_entered(c) && call_of(c)->error == error;
}
static bool is_done(const struct scene *c)
{
	return !is_entered(c) && call_of(c)->error == 0;
}

/* ---- rules ---- */

static bool connect_begins(const struct scene *c)
{
	return is_connect(c) && is_entered(c);
}
static bool connect_goes_on(const struct scene *c)
{
	return is_connect(c) && failed_with(c, EINPROGRESS);
}
static bool connect_refused(const struct scene *c)
{
	return is_connect(c) && failed_with(c, ECONNREFUSED);
}
static bool connect_timed_out(const struct scene *c)
{
	return is_connect(c) && failed_with(c, ETIMEDOUT);
}
static bool connect_done(const struct scene *c)
{
	return is_connect(c) && is_done(c);
}
static bool accept_begins(const struct scene *c)
{
	return is_accept(c) && is_entered(c);
}
static bool accept_done(const struct scene *c)
{
	return is_accept(c) && is_done(c);
}
static bool read_begins(const struct scene *c)
{
	return reads(c) && is_entered(c);
}
static bool read_end(const struct scene *c)
{
	return reads(c) && is_done(c) && call_of(c)->result == 0;
}
static bool read_done(const struct scene *c)
{
	return reads(c) && is_done(c);
}
static bool write_begins(const struct scene *c)
{
	return writes(c) && is_entered(c);
}
static bool write_done(const struct scene *c)
{
	return writes(c) && is_done(c);
}
static bool broken_pipe(const struct scene *c)
{
	return failed_with(c, EPIPE);
}
static bool was_reset(const struct scene *c)
{
	return failed_with(c, ECONNRESET);
}
static bool would_wait(const struct scene *c)
{
	return failed_with(c, EAGAIN);
}
static bool was_interrupted(const struct scene *c)
{
	return !is_entered(c) && call_of(c)->error == EINTR;
}
static bool address_in_use(const struct scene *c)
{
	return failed_with(c, EADDRINUSE);
}
static bool close_begins(const struct scene *c)
{
	return closes(c) && is_entered(c);
}
static bool shutdown_begins(const struct scene *c)
{
	return shuts_down(c) && is_entered(c);
}
static bool listen_done(const struct scene *c)
{
	return listens(c) && is_done(c);
}
static bool wait_begins(const struct scene *c)
{
	return waits_for_many(c) && is_entered(c);
}
static bool any_failed(const struct scene *c)
{
	return !is_entered(c) && call_of(c)->error != 0;
}
static bool any_begins(const struct scene *c)
{
	return is_entered(c);
}
static bool always(const struct scene *c)
{
	(void)c; /* the last rule */
	return true;
}

/* ---- words ---- */

static void add_host(struct text *t, const struct scene *c)
{
	add_role(t, c, call_of(c)->host);
}
static void add_name(struct text *t, const struct scene *c)
{
	text_add_terminal(t, call_of(c)->name, strlen(call_of(c)->name));
}
static void add_result(struct text *t, const struct scene *c)
{
	text_add_int(t, call_of(c)->result);
}
static void add_amount(struct text *t, const struct scene *c)
{
	add_bytes(t, c, call_of(c)->result > 0 ? (uint64_t)call_of(c)->result : 0);
}
static void add_took(struct text *t, const struct scene *c)
{
	text_add_span(t, elapsed_ns(call_of(c)->enter_ns, c->event->time_ns));
}
static void add_error(struct text *t, const struct scene *c)
{
	const char *name = errno_name(call_of(c)->error);
	text_add(t, name ? name : "errno ");
	if (!name)
		text_add_int(t, call_of(c)->error);
}
static void add_arguments(struct text *t, const struct scene *c)
{
	text_add_terminal(t, call_of(c)->arguments, strlen(call_of(c)->arguments));
}
static void add_from(struct text *t, const struct scene *c)
{
	if (call_of(c)->remote.addr.version == 0)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(c, N_("It came from")));
	text_add_char(t, ' ');
	text_add_endpoint(t, &call_of(c)->remote);
	text_add_char(t, '.');
}

static const struct word words[] = {
        {"amount", add_amount}, {"arguments", add_arguments}, {"error", add_error},
        {"from", add_from},     {"host", add_host},           {"name", add_name},
        {"result", add_result}, {"took", add_took},
};

const struct vocabulary call_words = {words, sizeof words / sizeof words[0]};

const struct rule call_rules[] = {
        {connect_begins, N_("The {host} calls {name}()"),
         N_("For TCP the kernel now sends a SYN, and the call waits for the answer; for UDP "
            "nothing "
            "is sent, the kernel only remembers the address."),
         NULL, "RFC 9293 section 3.9.1, connect(2)"},
        {connect_goes_on, N_("{name}() does not wait"),
         N_("The socket is non-blocking: the SYN is on its way, and the program goes on. It learns "
            "by poll() and getsockopt(SO_ERROR) how it ended."),
         NULL, "connect(2)"},
        {connect_refused, N_("{name}() was refused"),
         N_("RST came instead of SYN,ACK: nothing listens there."), NULL, "connect(2)"},
        {connect_timed_out, N_("{name}() gave up"),
         N_("No SYN was answered in {took}: silence, where a closed port would have said RST at "
            "once."),
         NULL, "connect(2), tcp(7)"},
        {connect_done, N_("{name}() returns after {took}"),
         N_("For TCP: the SYN,ACK has come and the kernel has sent the ACK. Whether the other "
            "program has called accept() cannot be known from this: the kernel shook hands. For "
            "UDP: nothing was sent, the kernel has only noted the address."),
         NULL, "RFC 9293 section 3.9.1, connect(2)"},
        {accept_begins, N_("The {host} waits in {name}()"),
         N_("It asks for a connection whose handshake is complete. Handshakes need no accept(): "
            "the kernel does them as soon as there was a listen()."),
         NULL, "accept(2)"},
        {accept_done, N_("{name}() returns a connection, fd {result}"),
         N_("The kernel had completed its handshake before, and kept it in the accept queue.{from} "
            "The call took {took}."),
         NULL, "accept(2)"},
        {read_begins, N_("The {host} calls {name}()"),
         N_("It takes what lies in the receive buffer, or waits until something comes."), NULL,
         "recv(2)"},
        {read_end, N_("{name}() returns 0: end of the stream"),
         N_("The FIN of the other end has come, and everything before it has been read. That is no "
            "error: it is how a stream ends."),
         NULL, "RFC 9293 section 3.9.1, recv(2)"},
        {read_done, N_("{name}() gives {amount}"),
         N_("They were in the receive buffer, acknowledged by the kernel already; how they were "
            "cut "
            "into segments cannot be seen from here."),
         NULL, "recv(2)"},
        {write_begins, N_("The {host} calls {name}(): {arguments}"),
         N_("The kernel copies the bytes into its send buffer and sends what windows allow, at "
            "once "
            "or later."),
         NULL, "RFC 9293 section 3.9.1, send(2)"},
        {write_done, N_("{name}() took {amount}"),
         N_("They are in the kernel's send buffer. That says nothing about the other end: the ACK "
            "comes later, and the other program may never read them."),
         NULL, "send(2)"},
        {broken_pipe, N_("{name}() fails: broken pipe"),
         N_("The connection was reset, or this end had said that it sends no more. Without "
            "MSG_NOSIGNAL the kernel sends SIGPIPE too, which ends a program that does not expect "
            "it."),
         NULL, "send(2)"},
        {was_reset, N_("{name}() fails: connection reset"),
         N_("A RST has come. What was under way in either direction is lost."), NULL,
         "RFC 9293 section 3.5.2"},
        {would_wait, N_("{name}() would have to wait"),
         N_("There is nothing to take, or no room, and the program has asked not to wait "
            "(O_NONBLOCK, MSG_DONTWAIT, or a timeout that ran out after {took}). Nothing of this "
            "is "
            "on the wire."),
         NULL, "recv(2), send(2)"},
        {was_interrupted, N_("{name}() was interrupted by a signal"),
         N_("It was not done: the kernel starts it again, or the program gets EINTR and has to."),
         NULL, "signal(7)"},
        {address_in_use, N_("{name}() fails: address in use"),
         N_("Another socket has this address and port, or an earlier connection of it is in "
            "TIME-WAIT and SO_REUSEADDR was not set."),
         NULL, "RFC 9293 section 3.6.1, socket(7)"},
        {close_begins, N_("The {host} calls {name}()"),
         N_("If it is the last descriptor of a connection, the kernel sends FIN; RST, if data lies "
            "unread in the receive buffer. The call does not wait for the other end."),
         NULL, "RFC 9293 section 3.9.1, close(2)"},
        {shutdown_begins, N_("The {host} calls {name}(): {arguments}"),
         N_("SHUT_WR sends FIN and leaves the other direction open: half-closed. SHUT_RD sends "
            "nothing."),
         NULL, "RFC 9293 section 3.6, shutdown(2)"},
        {listen_done, N_("The {host} listens: {arguments}"),
         N_("From now on the kernel answers SYNs to this port, whatever the program does. Without "
            "this a SYN would get RST."),
         NULL, "listen(2)"},
        {wait_begins, N_("The {host} waits in {name}()"),
         N_("It lets the kernel say which of its sockets has something for it: {arguments}."), NULL,
         "poll(2), epoll(7)"},
        {any_failed, N_("{name}() fails: {error}"),
         N_("The call took {took} and changed nothing on the wire by itself; its man page says "
            "what "
            "the error means."),
         NULL, "errno(3)"},
        {any_begins, N_("The {host} calls {name}()"),
         N_("The program is in the kernel until the call returns."), NULL, NULL},
        {always, N_("{name}() returns {result}"),
         N_("A matter between the program and its kernel: nothing of it is on the wire."), NULL,
         NULL},
        {0},
};

/* ---- the call behind a segment ---- */

static void add_cause_name(struct text *t, const struct scene *c)
{
	text_add_terminal(t, c->event->cause.name, strlen(c->event->cause.name));
}
static void add_cause_host(struct text *t, const struct scene *c)
{
	add_role(t, c, c->seg->from);
}

static const struct word cause_word_list[] = {{"host", add_cause_host}, {"name", add_cause_name}};
const struct vocabulary cause_words = {cause_word_list,
                                       sizeof cause_word_list / sizeof cause_word_list[0]};

static bool is_syn(const struct scene *c)
{
	return c->seg->flags & TCP_SYN;
}
static bool is_reset(const struct scene *c)
{
	return c->seg->flags & TCP_RST;
}
static bool is_fin(const struct scene *c)
{
	return c->seg->flags & TCP_FIN;
}
static bool is_data(const struct scene *c)
{
	return c->seg->len > 0;
}

static bool is_window(const struct scene *c)
{
	(void)c; /* what else there is a cause for (causes.c) */
	return true;
}

/* Only `what` is used. */
const struct rule cause_rules[] = {
        {is_syn, NULL, N_("It goes out because the {host}'s program is in {name}()."), NULL, NULL},
        {is_reset, NULL, N_("It goes out because the {host}'s program called {name}()."), NULL,
         NULL},
        {is_fin, NULL, N_("It goes out because the {host}'s program called {name}()."), NULL, NULL},
        {is_data, NULL, N_("The {host}'s program handed its bytes over with {name}()."), NULL,
         NULL},
        {is_window, NULL,
         N_("It goes out because the {host}'s program has read with {name}(), which made room."),
         NULL, NULL},
        {NULL, NULL, NULL, NULL, NULL},
};

void add_cause(struct text *t, const struct scene *scene)
{
	const struct rule *rule = cause_rules;
	if (scene->event->cause.call == 0)
		return;
	while (rule->applies && !rule->applies(scene))
		rule++;
	if (t->len > 0)
		text_add_char(t, ' ');
	if (rule->applies)
		say(t, &cause_words, rule->what, scene);
}
