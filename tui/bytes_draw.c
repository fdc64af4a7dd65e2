/* bytes_draw.c: the stack of headers, the tree of fields, the dump and the help line of the view
 * "bytes". What is selected is lit in all of them. */
#include <string.h>

#include "base/i18n.h"
#include "bytes.h"
#include "decode/protocol.h"
#include "sink/columns.h"

static const struct part *selected_part(const struct bytes_state *state)
{
	return &state->fields.parts[state->selected];
}

/* ---- the stack ---- */

int bytes_stack_rows(int height)
{
	return height >= 14 ? 3 : height >= 10 ? 2 : 1;
}

/* "tcp 32", "data 13": a layer in a few columns. */
static void layer_words(const struct part *part, struct text *t)
{
	text_add(t, part->name);
	text_add_char(t, ' ');
	text_add_uint(t, part_byte_len(part));
	if (part->cut)
		text_add(t, "…");
}

static int widest(int a, const char *text)
{
	int b = (int)columns_of(text, strlen(text));
	return a > b ? a : b;
}

/* One layer of the stack at column x; returns the column behind it. */
static int draw_box(const struct part *part, struct canvas *canvas, struct rect area, int x,
                    unsigned style)
{
	TEXT(words, 64);
	const char *five = _(level_name5(part->level)), *four = _(level_name4(part->level));
	struct pen pen = pen_with(PEN(ROLE_TITLE), style);
	layer_words(part, &words);
	if (area.h == 1) {
		x = canvas_text(canvas, area, x, 0, PEN(ROLE_DIM), five);
		return canvas_text(canvas, area, x + 1, 0, pen, words.bytes);
	}
	int width = widest(widest((int)columns_of(words.bytes, words.len), five), four);
	(void)canvas_text(canvas, area, x, 0, PEN(ROLE_DIM), five);
	(void)canvas_text(canvas, area, x, area.h - 1, PEN(ROLE_DIM), area.h > 2 ? four : "");
	(void)canvas_text(canvas, area, x, 1, pen, words.bytes);
	return x + width;
}

/* Whose names these are, if there is room. */
static void draw_model(struct canvas *canvas, struct rect area, int x, int y, const char *words)
{
	if (x + 2 + (int)columns_of(words, strlen(words)) <= area.w)
		(void)canvas_right(canvas, area, y, PEN(ROLE_DIM), words);
}

void bytes_draw_stack(const struct bytes_state *state, struct canvas *canvas, struct rect area)
{
	int x = 0;
	unsigned layer = fields_layer(&state->fields, state->selected);
	for (unsigned i = 0; i < state->fields.n; i++) {
		const struct part *part = &state->fields.parts[i];
		if (part_depth(part) > 0)
			continue;
		if (x > 0) {
			canvas_vline(canvas, area, x + 1, 0, area.h, PEN(ROLE_DIM));
			x += 3;
		}
		x = draw_box(part, canvas, area, x, i == layer ? STYLE_SELECTED : 0);
	}
	if (area.h < 3)
		return;
	draw_model(canvas, area, x, 0, _("in the model of five layers"));
	draw_model(canvas, area, x, 2, _("in TCP/IP's own of four"));
}

/* ---- the tree ---- */

bool bytes_is_visible(const struct bytes_state *state, unsigned i)
{
	const struct fields *fields = &state->fields;
	const struct part *part = &fields->parts[i];
	if (part_depth(part) == 0)
		return true;
	if (fields_layer(fields, i) != fields_layer(fields, state->selected))
		return false;
	if (part_depth(part) == 1)
		return true;
	unsigned option = i, chosen = state->selected;
	while (part_depth(&fields->parts[option]) > 1)
		option--;
	while (chosen > 0 && part_depth(&fields->parts[chosen]) > 1)
		chosen--;
	return option == chosen;
}

/* Columns for labels in a tree of that width. */
static int label_columns(int width)
{
	enum { LEAST = 16, MOST = 26 };
	int columns = width * 11 / 20;
	return columns < LEAST ? LEAST : columns > MOST ? MOST : columns;
}

static void draw_tree_row(const struct bytes_state *state, struct canvas *canvas, struct rect row,
                          unsigned i)
{
	const struct part *part = &state->fields.parts[i];
	int depth = (int)part_depth(part), indent = 2 * depth;
	const char *label = part->label[0] ? _(part->label) : "";
	struct pen pen = PEN(depth == 0 ? ROLE_TITLE : ROLE_TEXT);
	bool open = fields_layer(&state->fields, state->selected) == i;
	if (depth == 0 && part->kind == PART_LAYER)
		(void)canvas_text(canvas, row, 0, 0, PEN(ROLE_DIM), open ? "▼" : "▶");
	int column = indent + label_columns(row.w);
	int x = canvas_cut(canvas, row, indent + (depth == 0 ? 2 : 0), 0,
	                   depth == 0 ? row.w : column - indent - 1, pen, label);
	if (depth == 0)
		column = x + 1;
	pen = PEN(part->cut ? ROLE_ALERT : depth == 0 ? ROLE_DIM : ROLE_STATE);
	(void)canvas_cut(canvas, row, column, 0, row.w - column, pen, part->value);
	if (i == state->selected)
		canvas_style(canvas, row, state->in_dump ? STYLE_LIT : STYLE_SELECTED);
}

/* Moves *top so that row `at` is among `rows`. */
static void scroll_to(int *top, int at, int rows)
{
	if (at < *top)
		*top = at;
	if (at >= *top + rows)
		*top = at - rows + 1;
	if (*top < 0)
		*top = 0;
}

void bytes_draw_tree(struct bytes_state *state, struct canvas *canvas, struct rect area)
{
	int at = 0, y = 0;
	for (unsigned i = 0; i < state->selected; i++)
		at += bytes_is_visible(state, i);
	int total = at;
	for (unsigned i = state->selected; i < state->fields.n; i++)
		total += bytes_is_visible(state, i);
	if (state->tree_top > total - area.h)
		state->tree_top = total - area.h;
	scroll_to(&state->tree_top, at, area.h);
	for (unsigned i = 0; i < state->fields.n; i++) {
		if (!bytes_is_visible(state, i))
			continue;
		if (y >= state->tree_top && y < state->tree_top + area.h)
			draw_tree_row(state, canvas, rect_row(area, y - state->tree_top), i);
		y++;
	}
}

/* ---- the dump ---- */

int bytes_dump_width(int columns)
{
	return 5 + 3 * columns + 1 + columns;
}

/* How byte `at` is drawn: the selected part, its layer, the rest. */
static struct pen byte_pen(const struct bytes_state *state, uint32_t at)
{
	const struct part *part = selected_part(state);
	const struct part *layer =
	        &state->fields.parts[fields_layer(&state->fields, state->selected)];
	bool chosen = at - part_byte_at(part) < part_byte_len(part);
	bool near = at - part_byte_at(layer) < part_byte_len(layer);
	struct pen pen = PEN(near ? ROLE_TITLE : ROLE_DIM);
	if (chosen)
		pen = pen_with(pen, STYLE_LIT | STYLE_SELECTED);
	if (state->in_dump && at == state->byte)
		pen = PEN(ROLE_ALERT);
	return state->in_dump && at == state->byte ? pen_with(pen, STYLE_SELECTED) : pen;
}

static void draw_dump_row(const struct bytes_state *state, struct canvas *canvas, struct rect row,
                          uint32_t first)
{
	uint32_t columns = (uint32_t)state->dump_columns;
	(void)canvas_textf(canvas, row, 0, 0, PEN(ROLE_DIM), "%04x", first);
	for (uint32_t i = 0; i < columns && first + i < state->event.n_bytes; i++) {
		uint8_t byte = state->event.bytes[first + i];
		char shown[2] = {byte >= ' ' && byte <= '~' ? (char)byte : '.', '\0'};
		struct pen pen = byte_pen(state, first + i);
		(void)canvas_textf(canvas, row, 5 + 3 * (int)i, 0, pen, "%02x", byte);
		(void)canvas_text(canvas, row, 6 + 3 * (int)columns + (int)i, 0, pen, shown);
	}
}

/* What the dump does not have. */
static void missing_words(const struct bytes_state *state, struct text *t)
{
	const struct event *e = &state->event;
	if (e->n_bytes < e->caplen)
		text_addf(t, _("the first %u bytes of %u"), e->n_bytes, e->wirelen);
	else if (e->caplen < e->wirelen)
		text_addf(t, _("%u of %u bytes were captured"), e->caplen, e->wirelen);
	if (e->n_fragments > 0)
		text_addf(t, _("%sthe last of %u fragments"), t->len > 0 ? "; " : "",
		          e->n_fragments);
}

void bytes_draw_dump(struct bytes_state *state, struct canvas *canvas, struct rect area)
{
	TEXT(missing, 160);
	missing_words(state, &missing);
	if (missing.len > 0 && area.h > 1) {
		struct rect last = rect_row(area, area.h - 1);
		(void)canvas_cut(canvas, last, 0, 0, last.w, PEN(ROLE_ALERT), missing.bytes);
		area.h--;
	}
	uint32_t columns = (uint32_t)state->dump_columns;
	uint32_t at = state->in_dump ? state->byte : part_byte_at(selected_part(state));
	uint32_t rows = (state->event.n_bytes + columns - 1) / columns;
	if (at >= state->event.n_bytes)
		at = state->event.n_bytes > 0 ? state->event.n_bytes - 1u : 0;
	if (state->dump_top > (int)rows - area.h)
		state->dump_top = (int)rows - area.h;
	scroll_to(&state->dump_top, (int)(at / columns), area.h);
	for (int y = 0; y < area.h && (uint32_t)(state->dump_top + y) < rows; y++)
		draw_dump_row(state, canvas, rect_row(area, y),
		              (uint32_t)(state->dump_top + y) * columns);
}

/* ---- help ---- */

/* ".... ..1.": the bits of a field that shares its bytes with others. */
static void add_bits(const struct bytes_state *state, const struct part *part, struct text *t)
{
	enum { MAX_BYTES = 2 };
	uint32_t first = part_byte_at(part), n = part_byte_len(part);
	if (part->bit_len == 0 || n > MAX_BYTES ||
	    (part->bit_at % 8 == 0 && part->bit_len % 8 == 0))
		return;
	text_addf(t, _(" · byte %u, bits "), first);
	for (uint32_t bit = first * 8; bit < (first + n) * 8; bit++) {
		bool own = bit - part->bit_at < part->bit_len;
		unsigned byte = state->event.bytes[bit / 8], value = byte >> (7 - bit % 8) & 1;
		if (bit % 4 == 0 && bit != first * 8)
			text_add_char(t, ' ');
		text_add_char(t, !own ? '.' : value ? '1' : '0');
	}
}

void bytes_draw_help(const struct bytes_state *state, struct canvas *canvas, struct rect area)
{
	const struct part *part = selected_part(state);
	TEXT(head, 512);
	text_add(&head, part->name);
	if (part->kind == PART_LAYER)
		text_addf(&head, _(": %s layer, its unit is a %s · "), _(level_name5(part->level)),
		          _(level_unit(part->level)));
	else
		text_add(&head, part->name[0] ? ": " : "");
	text_add(&head, part->help[0] ? _(part->help) : "");
	add_bits(state, part, &head);
	bool roomy = area.h >= 3;
	struct rect words = {area.x, area.y, area.w, area.h - roomy};
	(void)canvas_paragraph(canvas, words, 0, PEN(ROLE_TEXT), head.bytes);
	(void)canvas_cut(canvas, words, 0, 0, area.w, PEN(ROLE_TITLE), part->name);
	if (roomy)
		(void)canvas_cut(canvas, area, 0, area.h - 1, area.w, PEN(ROLE_DIM),
		                 state->in_dump ? _("←: back to the fields")
		                                : _("Enter: figure  →: bytes  PgDn: layer"));
}
