/* notation_run.c: what a run adds to the frames: programs, their calls and output, kernels and the
 * wire, one line each; see notation.h. */
#include "sink/notation_lines.h"

#include "explain/elapsed.h"
#include "sink/marks.h"

void notation_signal(struct text *t, int32_t signal)
{
	const char *name = program_signal_name(signal);
	text_add(t, name ? name : "signal ");
	if (!name)
		text_add_int(t, signal);
}

static void program_end(struct text *t, const struct program_event *p)
{
	text_add(t, p->signal ? " killed by " : " exited with status ");
	if (p->signal)
		notation_signal(t, p->signal);
	else
		text_add_int(t, p->status);
	if (p->by_runner)
		text_add(t, p->signal ? " from the runner" : ", told to end by the runner");
	if (p->expected)
		text_add(t, ", as expected");
}

void notation_program_line(struct text *t, const struct event *e)
{
	const struct program_event *p = &e->program;
	text_add(t, side_name(p->host));
	switch (p->action) {
	case PROGRAM_STARTED:
		text_add(t, " started: ");
		notation_outside(t, p->command);
		text_add(t, " (pid ");
		text_add_int(t, p->pid);
		text_add_char(t, ')');
		break;
	case PROGRAM_READY:
		text_add(t, " ready");
		break;
	case PROGRAM_SIGNALLED:
		text_add(t, " gets ");
		notation_signal(t, p->signal);
		text_add(t, p->by_runner ? " from the runner" : "");
		break;
	case PROGRAM_EXITED:
		program_end(t, p);
		break;
	case N_PROGRAM_ACTIONS:
		break;
	}
}

void notation_output_line(struct text *t, const struct event *e)
{
	text_add(t, side_name(e->output.host));
	text_add(t, e->output.is_stderr ? " stderr| " : "| ");
	notation_outside(t, e->output.text);
}

/* "write(fd 3, 14 bytes)" */
static void add_call(struct text *t, const struct call_event *c)
{
	notation_outside(t, c->name);
	text_add_char(t, '(');
	if (c->fd >= 0) {
		text_add(t, "fd ");
		text_add_int(t, c->fd);
	}
	text_add(t, c->fd >= 0 && c->arguments[0] ? ", " : "");
	notation_outside(t, c->arguments);
	text_add_char(t, ')');
}

static void add_outcome(struct text *t, const struct call_event *c, int64_t time_ns)
{
	const char *error = errno_name(c->error);
	text_add(t, " = ");
	text_add_int(t, c->result);
	if (c->error) {
		text_add_char(t, ' ');
		text_add(t, error ? error : "errno ");
		if (!error)
			text_add_int(t, c->error);
	}
	text_add(t, " after ");
	text_add_span(t, elapsed_ns(c->enter_ns, time_ns));
}

void notation_call(struct text *t, const struct event *e)
{
	add_call(t, &e->call);
	if (e->call.action == CALL_RETURNED)
		add_outcome(t, &e->call, e->time_ns);
}

void notation_return(struct text *t, const struct event *e)
{
	const struct call_event *c = &e->call;
	notation_outside(t, c->name);
	text_add_char(t, '(');
	if (c->fd >= 0) {
		text_add(t, "fd ");
		text_add_int(t, c->fd);
	}
	text_add_char(t, ')');
	add_outcome(t, c, e->time_ns);
}

void notation_call_line(struct text *t, const struct event *e)
{
	text_add(t, side_name(e->call.host));
	text_add(t, e->call.action == CALL_ENTERED ? " calls " : " ");
	notation_call(t, e);
}

/* "client's kernel: 127.0.0.1:45360 > 127.0.0.1:8080 ESTABLISHED, cwnd 10" */
void notation_kernel_line(struct text *t, const struct event *e)
{
	const struct kernel_event *k = &e->kernel;
	text_add(t, k->differs ? MARK_KERNEL " " : "");
	text_add(t, side_name(k->host));
	text_add(t, "'s kernel: ");
	text_add_endpoint(t, &k->local);
	if (k->remote.addr.version) {
		text_add(t, " > ");
		text_add_endpoint(t, &k->remote);
	}
	text_add_char(t, ' ');
	notation_kernel(t, k);
}

/* "wire: client's frame 4 (data 13 bytes) held" */
void notation_wire_line(struct text *t, const struct event *e)
{
	const struct wire_event *w = &e->wire;
	text_add(t, "wire: ");
	text_add(t, side_name(w->from));
	text_add(t, "'s frame ");
	text_add_uint(t, w->id);
	if (w->what[0]) {
		text_add(t, " (");
		notation_outside(t, w->what);
		text_add_char(t, ')');
	}
	text_add_char(t, ' ');
	text_add(t, wire_action_name(w->action));
	if (w->of) {
		text_add(t, ", a copy of ");
		text_add_uint(t, w->of);
	}
	text_add(t, w->fault[0] ? ": " : "");
	notation_outside(t, w->fault);
}
