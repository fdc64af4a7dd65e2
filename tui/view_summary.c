/* view_summary.c: the connection of the selected row in figures, up to the moment of the screen,
 * and a list of what was found in it: Enter goes to the first place. */
#include <string.h>

#include "base/i18n.h"
#include "explain/elapsed.h"
#include "explain/explain.h"
#include "model_parts.h"
#include "series.h"
#include "summary.h"
#include "scroll.h"
#include "view.h"

enum { DRAW_BUDGET = 64, WORK_BUDGET = 512, RECORDS_BUDGET = 65536, SPLIT_FROM = 116 };

struct summary_state {
	struct series series;
	struct summary summary;
	uint32_t taken; /* segments of the series in it */
	uint32_t key;   /* of the connection (conns.h) */
	bool known, drawn;
	unsigned cursor; /* finding */
	struct scroll scroll;
	int findings_at; /* the line, as last drawn */
	struct finding findings[FINDINGS_MAX];
	unsigned n_findings;
};

/* Where lines go; they may lie outside. */
struct page {
	const struct model *model;
	const struct conn_entry *conn;
	const struct summary *summary;
	struct canvas *canvas;
	struct rect area;
	int y;
};

/* ---- the data ---- */

static void begin_anew(struct summary_state *state, uint32_t key)
{
	memset(&state->summary, 0, sizeof state->summary);
	state->taken = 0;
	state->key = key;
	state->known = true;
}

/* Adds up to `budget` segments. True: not done. */
static bool follow(struct summary_state *state, const struct model *model,
                   const struct conn_entry *conn, uint32_t budget)
{
	bool more = series_follow(&state->series, &model->log, conn, RECORDS_BUDGET);
	uint32_t until = series_count(&state->series, model_horizon(model));
	if (!state->known || state->key != conn->key || state->taken > until) {
		if (state->key != conn->key)
			state->cursor = 0;
		begin_anew(state, conn->key);
	}
	for (; state->taken < until; state->taken++) {
		struct event event;
		uint32_t record = state->series.points[state->taken].record;
		if (budget-- == 0) {
			more = true;
			break;
		}
		if (model_event(model, record, &event))
			summary_add(&state->summary, record, &event);
	}
	state->n_findings = summary_findings(&state->summary, state->findings);
	if (state->cursor >= state->n_findings)
		state->cursor = state->n_findings ? state->n_findings - 1 : 0;
	return more;
}

/* The event that says how it ended, if that has happened. */
static bool read_end(const struct page *p, struct connection *end)
{
	struct event event;
	if (p->conn->closed == NO_RECORD || p->conn->closed >= model_horizon(p->model) ||
	    !model_event(p->model, p->conn->closed, &event) || event.kind != EVENT_CONNECTION)
		return false;
	*end = event.connection;
	return true;
}

/* ---- sentences ---- */

static void add_line(struct page *p, enum role role, const char *head, const char *words)
{
	enum { HEAD = 11 };
	struct rect right = p->area;
	right.x += HEAD;
	right.w -= HEAD;
	(void)canvas_cut(p->canvas, p->area, 0, p->y, HEAD - 1, PEN(ROLE_DIM), head);
	p->y = canvas_paragraph(p->canvas, right, p->y, PEN(role), words);
}

static void add_ends(struct page *p)
{
	TEXT(words, 256);
	text_add(&words, p->conn->roles_guessed ? _("client? ") : _("client "));
	text_add_endpoint(&words, &p->conn->ends[CLIENT]);
	text_add(&words, _(", server "));
	text_add_endpoint(&words, &p->conn->ends[SERVER]);
	TEXT(head, 32);
	text_addf(&head, "#%u", p->conn->stream);
	add_line(p, ROLE_TITLE, head.bytes, words.bytes);
}

static void add_opening(struct page *p, const struct connection *end)
{
	TEXT(words, 256);
	const struct summary *s = p->summary;
	const struct summary_phase *phase = &s->phases[PHASE_HANDSHAKE];
	if (end && end->open != OPEN_UNSEEN)
		text_addf(&words, _("%s handshake"), open_kind_name(end->open));
	else if (s->sent[CLIENT].has_syn && s->sent[SERVER].has_syn)
		text_add(&words, _("a SYN from each end"));
	else if (s->sent[CLIENT].has_syn)
		text_add(&words, _("a SYN, not answered so far"));
	else
		text_add(&words, _("not seen: the capture began later"));
	if (phase->n_segments > 1) {
		text_add(&words, _(", in "));
		text_add_span(&words, elapsed_ns(phase->first_ns, phase->last_ns));
	}
	if (s->has_data)
		text_addf(&words, _("; the %s sent data first"), side_name(s->first_data));
	add_line(p, ROLE_TEXT, _("opened"), words.bytes);
}

static void add_closing(struct page *p, const struct connection *end)
{
	TEXT(words, 256);
	const struct tcb *last = p->summary->last;
	if (end && end->close == CLOSE_RESET)
		text_addf(&words, _("by a reset of the %s"), side_name(end->reset_by));
	else if (end && end->close != CLOSE_NONE)
		text_addf(&words, _("%s, the %s sent the first FIN"), close_kind_name(end->close),
		          side_name(end->first_fin));
	else if (end)
		text_addf(&words, _("not closed: %s"), connection_action_name(end->action));
	else
		text_add(&words, _("not yet"));
	text_addf(&words, _("; client %s, server %s"), tcp_state_name(last[CLIENT].state),
	          tcp_state_name(last[SERVER].state));
	add_line(p, ROLE_TEXT, _("closed"), words.bytes);
}

/* "handshake 0.036 ms, data 1.2 s …" */
static void add_phases(struct page *p)
{
	TEXT(words, 512);
	const struct summary *s = p->summary;
	for (int i = 0; i < N_PHASES; i++) {
		const struct summary_phase *phase = &s->phases[i];
		int64_t at_ns = elapsed_ns(p->model->origin_ns, phase->first_ns);
		if (phase->n_segments == 0)
			continue;
		text_addf(&words, "%s%s ", words.len ? ", " : "", phase_name((enum phase)i));
		text_add_span(&words, elapsed_ns(phase->first_ns, phase->last_ns));
		text_add(&words, _(" from +"));
		text_add_span(&words, at_ns < 0 ? 0 : at_ns);
	}
	add_line(p, ROLE_TEXT, _("phases"), words.bytes);
}

static void add_duration(struct page *p)
{
	TEXT(words, 128);
	text_add_span(&words, elapsed_ns(p->summary->first_ns, p->summary->last_ns));
	text_addf(&words, _(", %u segments"), p->summary->n_segments);
	add_line(p, ROLE_TEXT, _("lasted"), words.bytes);
}

/* ---- the table ---- */

static void add_table(struct page *p)
{
	int head = p->area.w >= 56 ? 17 : 11;
	int column = (p->area.w - head) / 2;
	(void)canvas_text(p->canvas, p->area, head, p->y, PEN(ROLE_CLIENT), _("client sent"));
	(void)canvas_text(p->canvas, p->area, head + column, p->y++, PEN(ROLE_SERVER),
	                  _("server sent"));
	for (const struct summary_figure *f = summary_figures; f->title; f++, p->y++) {
		(void)canvas_cut(p->canvas, p->area, 0, p->y, head - 1, PEN(ROLE_DIM), _(f->title));
		for (int side = 0; side < N_SIDES; side++) {
			TEXT(words, 128);
			f->say(&words, &p->summary->sent[side]);
			(void)canvas_cut(p->canvas, p->area, head + side * column, p->y, column - 1,
			                 PEN(ROLE_TEXT), words.bytes);
		}
	}
}

/* ---- findings ---- */

static const char *finding_name(const struct finding *f)
{
	return f->is_diagnosis ? diagnosis_name((enum diagnosis_label)f->label)
	                       : analysis_name((enum analysis_index)f->label);
}

static void add_finding(struct page *p, const struct finding *f, bool selected)
{
	TEXT(words, 128);
	const struct record *first = log_record(&p->model->log, f->count.first);
	const char *mark = f->is_diagnosis ? diagnosis_mark((enum diagnosis_label)f->label) : "";
	text_addf(&words, _("%4u× %s%s, frame %u, +"), f->count.n,
	          f->is_diagnosis ? "" : "tcp.analysis ", finding_name(f), first->frame);
	int64_t at_ns = elapsed_ns(p->model->origin_ns, first->time_ns);
	text_add_span(&words, at_ns < 0 ? 0 : at_ns);
	(void)canvas_text(p->canvas, p->area, 0, p->y, PEN(ROLE_TITLE), selected ? ">" : " ");
	(void)canvas_text(p->canvas, p->area, 2, p->y, PEN(ROLE_ALERT), mark);
	(void)canvas_cut(p->canvas, p->area, 6, p->y, p->area.w - 6, PEN(ROLE_TEXT), words.bytes);
	if (selected)
		canvas_style(p->canvas, rect_row(p->area, p->y), STYLE_SELECTED);
	p->y++;
}

/* What the first case of the selected one rests on. */
static void add_why(struct page *p, const struct finding *f)
{
	struct event event;
	TEXT(why, 1024);
	if (!f->is_diagnosis || !model_event(p->model, f->count.first, &event))
		return;
	for (unsigned i = 0; i < event.segment.n_diagnoses; i++)
		if (event.segment.diagnoses[i].label == f->label)
			explain_diagnosis(&why, &event, i);
	p->y = canvas_paragraph(p->canvas, p->area, p->y + 1, PEN(ROLE_DIM), why.bytes);
}

static void add_findings(struct page *p, const struct summary_state *state, bool more)
{
	const char *title = more                ? _("Found so far (still reading)")
	                    : state->n_findings ? _("Found (Enter: the first of them)")
	                                        : _("Nothing unusual was found");
	(void)canvas_text(p->canvas, p->area, 0, p->y++, PEN(ROLE_STATE), title);
	for (unsigned i = 0; i < state->n_findings; i++)
		add_finding(p, &state->findings[i], i == state->cursor);
	if (state->n_findings > 0)
		add_why(p, &state->findings[state->cursor]);
}

/* ---- the view ---- */

static void add_figures(struct page *p)
{
	struct connection end;
	const struct connection *known = read_end(p, &end) ? &end : NULL;
	add_ends(p);
	add_opening(p, known);
	add_closing(p, known);
	add_duration(p);
	add_phases(p);
	p->y++;
	add_table(p);
	p->y++;
}

/* Side by side where there is room, else one below the other. */
static void draw_page(struct summary_state *state, struct page *p, bool more)
{
	const int top = p->y;
	int figures_end = top;
	struct rect all = p->area;
	if (all.w >= SPLIT_FROM) {
		p->area.w = all.w * 3 / 5;
		add_figures(p);
		canvas_vline(p->canvas, all, p->area.w, 0, all.h, PEN(ROLE_DIM));
		p->area.x += p->area.w + 2;
		p->area.w = all.w - p->area.w - 2;
		figures_end = p->y;
		p->y = top;
	} else {
		add_figures(p);
	}
	state->findings_at = p->y - top + 1;
	add_findings(p, state, more);
	if (p->y < figures_end) /* both columns are to be seen */
		p->y = figures_end;
}

static void summary_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct summary_state *state = pane->state;
	struct page page = {.model = pane->model, .canvas = canvas};
	const struct conn_entry *conn = model_conn(pane->model);
	state->drawn = conn != NULL;
	if (!conn) {
		(void)canvas_paragraph(canvas, area, 0, PEN(ROLE_DIM), _("No TCP connection yet."));
		return;
	}
	bool more = follow(state, pane->model, conn, DRAW_BUDGET);
	page.conn = conn;
	page.summary = &state->summary;
	page.area = (struct rect){area.x + 1, area.y, area.w - 2, 0};
	struct page measured = page; /* without room */
	draw_page(state, &measured, more);
	scroll_fit(&state->scroll, measured.y, area.h);
	page.area.h = area.h;
	page.y = -state->scroll.at;
	draw_page(state, &page, more);
	scroll_mark(&state->scroll, canvas, area);
}

static bool summary_work(struct pane *pane)
{
	struct summary_state *state = pane->state;
	const struct conn_entry *conn = state->drawn ? model_conn(pane->model) : NULL;
	uint32_t taken = state->taken, next = state->series.next;
	state->drawn = conn && follow(state, pane->model, conn, WORK_BUDGET);
	if (taken != state->taken || next != state->series.next)
		model_changed(pane->model);
	return state->drawn;
}

/* ---- keys ---- */

static unsigned go_to_first(struct pane *pane)
{
	const struct summary_state *state = pane->state;
	struct text t = text_of(pane->message, sizeof pane->message);
	if (state->n_findings == 0)
		return VIEW_HANDLED;
	uint32_t record = state->findings[state->cursor].count.first;
	if (model_is_row(pane->model, record) && record < model_horizon(pane->model)) {
		model_select(pane->model, model_row_of_record(pane->model, record));
		return VIEW_HANDLED | VIEW_REDRAW | VIEW_CLOSE;
	}
	text_add(&t, _("the filter hides that segment"));
	return VIEW_HANDLED | VIEW_REDRAW;
}

/* The next finding, and scrolls so that it can be seen; at the ends it only scrolls. */
static void move(struct pane *pane, int by)
{
	struct summary_state *state = pane->state;
	int at = (int)state->cursor + by;
	if (at < 0 || at >= (int)state->n_findings) {
		scroll_by(&state->scroll, by, pane->height);
		return;
	}
	state->cursor = (unsigned)at;
	int line = state->findings_at + at;
	if (line - state->scroll.at >= pane->height)
		state->scroll.at = line - pane->height + 1;
	if (line < state->scroll.at)
		state->scroll.at = line;
}

static unsigned summary_key(struct pane *pane, const struct input *input)
{
	struct summary_state *state = pane->state;
	int lines = scroll_wanted(input, pane->height);
	if (input->command == COMMAND_DOWN || input->command == COMMAND_UP)
		move(pane, lines);
	else if (lines != 0)
		scroll_by(&state->scroll, lines, pane->height);
	else if (input->command == COMMAND_ENTER)
		return go_to_first(pane);
	else
		return VIEW_IGNORED;
	return VIEW_HANDLED | VIEW_REDRAW;
}

static void summary_release(struct pane *pane)
{
	struct summary_state *state = pane->state;
	series_release(&state->series);
}

const struct view view_summary = {
        .name = "summary",
        .title = N_("Summary"),
        .place = PLACE_MAIN,
        .command = COMMAND_SUMMARY,
        .state_size = sizeof(struct summary_state),
        .draw = summary_draw,
        .key = summary_key,
        .work = summary_work,
        .release = summary_release,
};
