/* states_tcb.c: the variables of both transmission control blocks (RFC 9293 section 3.3.1), before
 * → after the segment. What is not known is '-' and says why. */
#include <string.h>

#include "base/i18n.h"
#include "sink/columns.h"
#include "states.h"

enum { NAME_COLUMNS = 9 };

static uint32_t get_iss(const struct tcb *tcb)
{
	return tcb->iss;
}
static uint32_t get_una(const struct tcb *tcb)
{
	return tcb->snd_una;
}
static uint32_t get_nxt(const struct tcb *tcb)
{
	return tcb->snd_nxt;
}
static uint32_t get_wnd(const struct tcb *tcb)
{
	return tcb->snd_wnd;
}
static uint32_t get_rcv(const struct tcb *tcb)
{
	return tcb->rcv_nxt;
}

/* Whose numbers a variable counts in. */
enum counting { OWN, OTHERS, BYTES, ALWAYS_RAW };

static const struct variable {
	const char *name; /* RFC 9293's */
	uint8_t known;    /* enum peer_known */
	enum counting counting;
	uint32_t (*get)(const struct tcb *tcb);
	const char *unknown; /* marked English: why it is not known */
} variables[] = {
        {"ISS", KNOWN_ISS, ALWAYS_RAW, get_iss, N_("no SYN")},
        {"SND.UNA", KNOWN_SND, OWN, get_una, N_("not sent")},
        {"SND.NXT", KNOWN_SND, OWN, get_nxt, N_("not sent")},
        {"SND.WND", KNOWN_WND, BYTES, get_wnd, N_("no window")},
        {"RCV.NXT", KNOWN_RCV, OTHERS, get_rcv, N_("none came")},
};

/* The raw number that is shown as 0 for that end. False: none is known, numbers stay raw. */
static bool zero_of(const struct segment *s, enum side side, uint32_t *zero)
{
	*zero = s->after[side].iss;
	if (side == s->from)
		*zero = s->seq_raw - s->seq;
	else if (s->flags & TCP_ACK)
		*zero = s->ack_raw - s->ack;
	else
		return (s->after[side].known & KNOWN_ISS) != 0;
	return true;
}

static void add_value(const struct states_moment *moment, const struct variable *v, enum side side,
                      const struct tcb *tcb, struct text *t)
{
	uint32_t zero = 0, value = v->get(tcb);
	bool counted = v->counting == OWN || v->counting == OTHERS;
	if (!(tcb->known & v->known)) {
		text_add_char(t, '-');
		return;
	}
	enum side whose = v->counting == OTHERS ? side_other(side) : side;
	if (counted && !moment->raw_numbers && zero_of(&moment->segment, whose, &zero))
		value -= zero;
	text_add_uint(t, value);
}

/* "1 → 14", "14", "-> 4019853952" when both do not fit, "- nothing sent". */
static void draw_value(const struct states_moment *moment, const struct variable *v, enum side side,
                       struct canvas *canvas, struct rect cell)
{
	const struct tcb *before = &moment->segment.before[side];
	const struct tcb *after = &moment->segment.after[side];
	TEXT(was, 32);
	TEXT(is, 32);
	TEXT(both, 96);
	add_value(moment, v, side, before, &was);
	add_value(moment, v, side, after, &is);
	bool changed = moment->is_selected && strcmp(was.bytes, is.bytes) != 0;
	bool known = (after->known & v->known) != 0;
	if (changed)
		text_addf(&both, "%s → ", was.bytes);
	text_add(&both, is.bytes);
	if (changed && columns_of(both.bytes, both.len) > (size_t)cell.w) {
		text_clear(&both);
		text_addf(&both, "→ %s", is.bytes);
	}
	if (!known)
		text_addf(&both, " %s", _(v->unknown));
	struct pen pen = PEN(!known ? ROLE_DIM : changed ? ROLE_TITLE : ROLE_TEXT);
	(void)canvas_cut(canvas, cell, 0, 0, cell.w, pen_with(pen, changed ? STYLE_LIT : 0),
	                 both.bytes);
}

/* The column of one end. */
struct rect states_cell(struct rect area, int y, enum side side)
{
	int width = (area.w - NAME_COLUMNS) / 2;
	struct rect row = rect_row(area, y);
	return (struct rect){row.x + NAME_COLUMNS + (int)side * width, row.y, width - 1, row.h};
}

static void draw_state(const struct states_moment *moment, enum side side, struct canvas *canvas,
                       struct rect cell)
{
	enum tcp_state before = moment->segment.before[side].state;
	enum tcp_state after = moment->segment.after[side].state;
	bool changed = moment->is_selected && before != after;
	TEXT(words, 96);
	if (changed)
		text_addf(&words, "%s → ", tcp_state_name(before));
	text_add(&words, tcp_state_name(after));
	if (columns_of(words.bytes, words.len) > (size_t)cell.w) {
		text_clear(&words);
		if (changed)
			text_add(&words, "→ ");
		text_add(&words, tcp_state_name(after));
	}
	if (columns_of(words.bytes, words.len) > (size_t)cell.w) {
		text_clear(&words);
		text_add(&words, tcp_state_short(after));
	}
	(void)canvas_cut(canvas, cell, 0, 0, cell.w,
	                 pen_with(PEN(ROLE_STATE), changed ? STYLE_LIT : 0), words.bytes);
}

static void draw_head(const struct states_moment *moment, enum side side, struct canvas *canvas,
                      struct rect area, int y, bool tight)
{
	static const char *const names[2][N_SIDES] = {{N_("CLIENT"), N_("SERVER")}, {"C", "S"}};
	struct rect head = states_cell(area, y, side), state = states_cell(area, y + !tight, side);
	int x = canvas_textf(canvas, head, 0, 0, PEN(side == CLIENT ? ROLE_CLIENT : ROLE_SERVER),
	                     "%s%s", _(names[tight][side]),
	                     moment->segment.roles_guessed ? "?" : "");
	if (tight) {
		state.x += x + 1;
		state.w -= x + 1;
	}
	draw_state(moment, side, canvas, state);
}

int states_draw_tcbs(const struct states_moment *moment, struct canvas *canvas, struct rect area,
                     int y)
{
	if (!moment->has_segment) {
		return canvas_paragraph(canvas, area, y, PEN(ROLE_DIM),
		                        _("No segment of this connection has been seen yet, so "
		                          "nothing is known of either end."));
	}
	bool kernel = states_has_kernel(moment);
	bool tight = area.h - y < TCB_ROWS - 1 + kernel; /* names and states share a row */
	for (enum side side = CLIENT; side < N_SIDES; side++)
		draw_head(moment, side, canvas, area, y, tight);
	(void)canvas_text(canvas, area, 0, y + !tight, PEN(ROLE_DIM), _("state"));
	y += 1 + !tight;
	if (kernel)
		states_draw_kernel_state(moment, canvas, area, y++);
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++, y++) {
		(void)canvas_text(canvas, area, 0, y, PEN(ROLE_DIM), variables[i].name);
		for (enum side side = CLIENT; side < N_SIDES; side++)
			draw_value(moment, &variables[i], side, canvas, states_cell(area, y, side));
	}
	return y;
}
