/* bytes_figure.c: the selected header as the RFCs draw it: rows of 32 bits, a cell for each field
 * and option, with its value in it. */
#include <string.h>

#include "base/i18n.h"
#include "bytes.h"
#include "sink/columns.h"

enum { ROW_BITS = 32, MAX_BIT_COLUMNS = 4 };

/* The layer that is drawn: its first part and the first one behind it. */
struct header {
	const struct part *layer;
	unsigned first, end;
};

static struct header selected_header(const struct bytes_state *state)
{
	const struct fields *fields = &state->fields;
	struct header h = {.first = fields_layer(fields, state->selected)};
	h.layer = &fields->parts[h.first];
	h.end = h.first + 1;
	while (h.end < fields->n && part_depth(&fields->parts[h.end]) > 0)
		h.end++;
	return h;
}

int bytes_figure_rows(const struct bytes_state *state)
{
	enum { RULER = 1, EDGES = 2 };
	if (state->fields.n == 0)
		return 0;
	struct header h = selected_header(state);
	if (h.layer->kind != PART_LAYER || h.layer->bit_len == 0)
		return 0;
	return (int)(h.layer->bit_len + ROW_BITS - 1) / ROW_BITS + RULER + EDGES;
}

/* The figure on the canvas. */
struct figure {
	struct canvas *canvas;
	struct rect area;
	int bit;       /* columns of a bit */
	uint32_t zero; /* the header's first bit in the frame */
};

/* "Source port 45360", "Version 4", "Protocol", "5": as much as fits. */
static void cell_words(const struct part *part, int columns, struct text *t)
{
	const char *label = part->label[0] ? _(part->label) : "";
	size_t n_label = columns_of(label, strlen(label)), room = (size_t)columns;
	size_t n_value = columns_of(part->value, strlen(part->value));
	size_t n_short = strcspn(part->value, " ");
	bool hidden = part->kind == PART_FIELD && !part->field;
	if (part->bit_len == 1) {
		char letter = part->value[0] == '1' ? label[0] : '.';
		text_add_char(t, letter);
		return;
	}
	if (n_label + 1 + n_value <= room) {
		text_addf(t, "%s %s", label, part->value);
	} else if (n_label + 1 + n_short <= room && !hidden) {
		text_addf(t, "%s ", label);
		text_add_bytes(t, part->value, n_short);
	} else if (n_label <= room || columns >= 8) {
		text_add(t, label);
	} else {
		text_add_bytes(t, part->value, n_short);
	}
}

/* The part's cell in one row: bits from..end of that row. */
static void draw_cell(const struct figure *f, const struct part *part, int row, uint32_t from,
                      uint32_t end, bool named, unsigned style)
{
	TEXT(words, 256);
	int x = (int)from * f->bit, columns = (int)(end - from) * f->bit - 1;
	struct rect cell = {f->area.x + x + 1, f->area.y + row, columns, 1};
	struct pen pen = PEN(part->kind == PART_FIELD ? ROLE_TEXT : ROLE_STATE);
	cell = rect_clip(cell, f->area);
	if (part->bit_len == 1 && part->value[0] != '1')
		pen = PEN(ROLE_DIM);
	if (named)
		cell_words(part, columns, &words);
	int spare = columns - (int)columns_of(words.bytes, words.len);
	(void)canvas_cut(f->canvas, cell, spare > 0 ? spare / 2 : 0, 0, columns, pen, words.bytes);
	canvas_vline(f->canvas, f->area, x, row, 1, PEN(ROLE_DIM));
	canvas_vline(f->canvas, f->area, x + columns + 1, row, 1, PEN(ROLE_DIM));
	canvas_style(f->canvas, cell, style);
}

/* All rows of one part; its words stand in the longest piece, the first of these. */
static void draw_part(const struct figure *f, const struct part *part, unsigned style)
{
	uint32_t from = part->bit_at - f->zero, end = from + part->bit_len;
	uint32_t longest = 0, named_row = 0;
	for (uint32_t at = from; at < end; at = (at / ROW_BITS + 1) * ROW_BITS) {
		uint32_t stop = (at / ROW_BITS + 1) * ROW_BITS;
		uint32_t bits = (stop < end ? stop : end) - at;
		if (bits > longest) {
			longest = bits;
			named_row = at / ROW_BITS;
		}
	}
	for (uint32_t at = from; at < end; at = (at / ROW_BITS + 1) * ROW_BITS) {
		uint32_t row = at / ROW_BITS, stop = (row + 1) * ROW_BITS;
		if (stop > end)
			stop = end;
		draw_cell(f, part, (int)row + 2, at % ROW_BITS, stop - row * ROW_BITS,
		          row == named_row, style);
	}
}

/* "0       8       16      24      31" above the bits. */
static void draw_ruler(const struct figure *f)
{
	for (int bit = 0; bit < ROW_BITS; bit += 8)
		(void)canvas_textf(f->canvas, f->area, bit * f->bit + 1, 0, PEN(ROLE_DIM), "%d",
		                   bit);
	(void)canvas_text(f->canvas, f->area, ROW_BITS * f->bit - 2, 0, PEN(ROLE_DIM), "31");
}

static void draw_edges(const struct figure *f, uint32_t bits)
{
	int rows = (int)(bits + ROW_BITS - 1) / ROW_BITS;
	int last = (int)(bits % ROW_BITS ? bits % ROW_BITS : ROW_BITS) * f->bit;
	int full = ROW_BITS * f->bit;
	struct pen pen = PEN(ROLE_DIM);
	canvas_hline(f->canvas, f->area, 0, 1, (rows == 1 ? last : full) + 1, pen);
	canvas_hline(f->canvas, f->area, 0, rows + 2, last + 1, pen);
	(void)canvas_text(f->canvas, f->area, 0, 1, pen, "┌");
	(void)canvas_text(f->canvas, f->area, rows == 1 ? last : full, 1, pen, "┐");
	(void)canvas_text(f->canvas, f->area, 0, rows + 2, pen, "└");
	(void)canvas_text(f->canvas, f->area, last, rows + 2, pen, "┘");
}

/* What an option's own fields leave of it, "Fast Open" behind kind and length. */
static void draw_remainder(const struct figure *f, const struct fields *fields, unsigned option,
                           unsigned style)
{
	struct part rest = fields->parts[option];
	uint32_t end = rest.bit_at + rest.bit_len;
	for (unsigned i = option + 1; i < fields->n && part_depth(&fields->parts[i]) == 2; i++)
		rest.bit_at = fields->parts[i].bit_at + fields->parts[i].bit_len;
	bool alone = rest.bit_at == fields->parts[option].bit_at;
	rest.bit_len = rest.bit_at < end ? end - rest.bit_at : 0;
	if (!alone)
		rest.value[0] = '\0';
	draw_part(f, &rest, style);
}

/* The cells of all parts but layers: those that are selected, or the others. */
static void draw_parts(const struct figure *f, const struct bytes_state *state,
                       const struct header *h, bool selected)
{
	const struct fields *fields = &state->fields;
	unsigned option = h->first;
	for (unsigned i = h->first + 1; i < h->end; i++) {
		const struct part *part = &fields->parts[i];
		if (part->kind == PART_OPTION)
			option = i;
		bool inside = part->kind == PART_DETAIL && option == state->selected;
		bool chosen = i == state->selected || inside;
		if (chosen != selected)
			continue;
		unsigned style = chosen ? STYLE_SELECTED : 0;
		if (part->kind == PART_OPTION)
			draw_remainder(f, fields, i, style);
		else
			draw_part(f, part, style);
	}
}

void bytes_draw_figure(const struct bytes_state *state, struct canvas *canvas, struct rect area)
{
	struct header h = selected_header(state);
	struct figure f = {canvas, area, (area.w - 1) / ROW_BITS, h.layer->bit_at};
	if (f.bit > MAX_BIT_COLUMNS)
		f.bit = MAX_BIT_COLUMNS;
	if (f.bit < 2)
		return;
	draw_edges(&f, h.layer->bit_len);
	draw_ruler(&f);
	draw_parts(&f, state, &h, false);
	draw_parts(&f, state, &h, true); /* its lines over those of its neighbours */
}
