/* states_diagram.c: the state diagram of RFC 9293 (section 3.3.2, figure 5) on a grid of
 * DIAGRAM_WIDTH x DIAGRAM_HEIGHT cells: states and arrows are tables. Arrows that an end has gone
 * along are drawn in its colour and with heavier lines. "←SYN": a SYN arrives; "SYN→": it is sent.
 */
#include <string.h>

#include "base/i18n.h"
#include "states.h"
#include "sink/columns.h"

/* Where a state's name begins; three columns in front of it are kept for marks. CLOSED stands
 * twice: at the beginning and at the end. */
static const struct node {
	enum tcp_state state;
	int x, y;
	bool is_end;
} nodes[] = {
        {TCP_CLOSED, 17, 0, false},      {TCP_LISTEN, 9, 3, false},
        {TCP_SYN_SENT, 29, 3, false},    {TCP_SYN_RECEIVED, 6, 6, false},
        {TCP_ESTABLISHED, 17, 8, false}, {TCP_FIN_WAIT_1, 6, 11, false},
        {TCP_CLOSE_WAIT, 30, 11, false}, {TCP_FIN_WAIT_2, 3, 14, false},
        {TCP_CLOSING, 22, 14, false},    {TCP_LAST_ACK, 31, 14, false},
        {TCP_TIME_WAIT, 14, 17, false},  {TCP_CLOSED, 23, 19, true},
};

enum { MAX_POINTS = 4 };

/* Corners of an arrow's line; the last one is its head. */
static const struct arrow {
	enum tcp_state from, to;
	struct point {
		int8_t x, y;
	} points[MAX_POINTS];
	uint8_t n;
} arrows[] = {
        {TCP_CLOSED, TCP_LISTEN, {{20, 1}, {12, 1}, {12, 2}}, 3},
        {TCP_CLOSED, TCP_SYN_SENT, {{20, 1}, {33, 1}, {33, 2}}, 3},
        {TCP_LISTEN, TCP_SYN_SENT, {{16, 3}, {24, 3}}, 2},
        {TCP_LISTEN, TCP_SYN_RECEIVED, {{12, 4}, {12, 5}}, 2},
        {TCP_SYN_SENT, TCP_SYN_RECEIVED, {{33, 4}, {33, 6}, {19, 6}}, 3},
        {TCP_SYN_SENT, TCP_ESTABLISHED, {{33, 4}, {33, 8}, {29, 8}}, 3},
        {TCP_SYN_RECEIVED, TCP_ESTABLISHED, {{12, 7}, {12, 8}, {13, 8}}, 3},
        {TCP_SYN_RECEIVED, TCP_FIN_WAIT_1, {{7, 7}, {7, 10}}, 2},
        {TCP_ESTABLISHED, TCP_FIN_WAIT_1, {{22, 9}, {12, 9}, {12, 10}}, 3},
        {TCP_ESTABLISHED, TCP_CLOSE_WAIT, {{22, 9}, {35, 9}, {35, 10}}, 3},
        {TCP_FIN_WAIT_1, TCP_FIN_WAIT_2, {{8, 12}, {8, 13}}, 2},
        {TCP_FIN_WAIT_1, TCP_CLOSING, {{14, 12}, {25, 12}, {25, 13}}, 3},
        {TCP_CLOSE_WAIT, TCP_LAST_ACK, {{35, 12}, {35, 13}}, 2},
        {TCP_FIN_WAIT_2, TCP_TIME_WAIT, {{8, 15}, {8, 17}, {10, 17}}, 3},
        {TCP_CLOSING, TCP_TIME_WAIT, {{25, 15}, {25, 17}, {24, 17}}, 3},
        {TCP_TIME_WAIT, TCP_CLOSED, {{18, 18}, {18, 19}, {19, 19}}, 3},
        {TCP_LAST_ACK, TCP_CLOSED, {{35, 15}, {35, 19}, {30, 19}}, 3},
};

/* What makes an end go along an arrow. Calls and segments: never translated. */
static const struct {
	int x, y;
	const char *words;
} labels[] = {
        {4, 0, "listen()"},  {26, 0, "connect() SYN→"}, {18, 2, "SYN→"},
        {14, 4, "←SYN"},     {14, 5, "SYN,ACK→"},       {25, 5, "←SYN"},
        {35, 6, "←SYN,ACK"}, {35, 7, "ACK→"},           {14, 7, "←ACK"},
        {2, 9, "FIN→"},      {14, 10, "close() FIN→"},  {37, 10, "←FIN"},
        {3, 12, "←ACK"},     {19, 13, "←FIN"},          {27, 12, "close()"},
        {37, 13, "FIN→"},    {3, 16, "←FIN"},           {27, 16, "←ACK"},
        {37, 16, "←ACK"},    {5, 19, "2 MSL later"},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Lines are collected cell by cell before they are drawn, since arrows share parts of them. */
enum way { UP = 1, RIGHT = 2, DOWN = 4, LEFT = 8 };

struct grid {
	uint8_t ways[DIAGRAM_HEIGHT][DIAGRAM_WIDTH];
	uint8_t heads[DIAGRAM_HEIGHT][DIAGRAM_WIDTH]; /* enum way in which an arrow points */
	uint8_t taken[DIAGRAM_HEIGHT][DIAGRAM_WIDTH]; /* bit of each side that went along */
};

static enum way way_to(struct point from, struct point to)
{
	if (to.y != from.y)
		return to.y > from.y ? DOWN : UP;
	return to.x > from.x ? RIGHT : LEFT;
}

static enum way opposite(enum way way)
{
	return way == UP ? DOWN : way == DOWN ? UP : way == LEFT ? RIGHT : LEFT;
}

static struct point next_point(struct point p, enum way way)
{
	p.x = (int8_t)(p.x + (way == RIGHT) - (way == LEFT));
	p.y = (int8_t)(p.y + (way == DOWN) - (way == UP));
	return p;
}

/* The row of a state's name; of CLOSED, the first one. */
static int row_of(enum tcp_state state)
{
	size_t i = 0;
	while (nodes[i].state != state)
		i++;
	return nodes[i].y;
}

static void add_arrow(struct grid *grid, const struct arrow *arrow, unsigned taken)
{
	struct point at = arrow->points[0];
	enum way way = DOWN;
	/* it hangs on its state, beside or below it */
	grid->ways[at.y][at.x] |= at.y == row_of(arrow->from) ? LEFT : UP;
	grid->taken[at.y][at.x] |= (uint8_t)taken;
	for (unsigned i = 1; i < arrow->n; i++) {
		struct point to = arrow->points[i];
		way = way_to(at, to);
		while (at.x != to.x || at.y != to.y) {
			grid->ways[at.y][at.x] |= (uint8_t)way;
			at = next_point(at, way);
			grid->ways[at.y][at.x] |= (uint8_t)opposite(way);
			grid->taken[at.y][at.x] |= (uint8_t)taken;
		}
	}
	grid->heads[at.y][at.x] = (uint8_t)way;
}

/* Which ends went along this arrow. */
static unsigned sides_of(const struct states_moment *moment, const struct arrow *arrow)
{
	unsigned sides = 0;
	for (unsigned i = 0; i < moment->n_steps; i++) {
		const struct state_step *step = &moment->path->steps[i];
		if (step->from == arrow->from && step->to == arrow->to)
			sides |= 1U << step->side;
	}
	return sides;
}

static const char *const thin[16] = {" ", "│", "─", "└", "│", "│", "┌", "├",
                                     "─", "┘", "─", "┴", "┐", "┤", "┬", "┼"};
static const char *const heavy[16] = {" ", "┃", "━", "┗", "┃", "┃", "┏", "┣",
                                      "━", "┛", "━", "┻", "┓", "┫", "┳", "╋"};

static const char *line_glyph(const struct canvas *canvas, unsigned ways, bool taken)
{
	if (!canvas->ascii)
		return taken ? heavy[ways] : thin[ways];
	if (ways == (LEFT | RIGHT) || ways == LEFT || ways == RIGHT)
		return taken ? "=" : "-";
	if (ways == (UP | DOWN) || ways == UP || ways == DOWN)
		return taken ? "#" : "|";
	return taken ? "#" : "+";
}

static const char *head_glyph(unsigned way)
{
	return way == UP ? "▲" : way == DOWN ? "▼" : way == LEFT ? "◄" : "►";
}

static struct pen line_pen(unsigned taken)
{
	static const enum role roles[] = {ROLE_DIM, ROLE_CLIENT, ROLE_SERVER, ROLE_TITLE};
	return pen_with(PEN(roles[taken]), taken ? STYLE_LIT : 0);
}

static void draw_lines(const struct grid *grid, struct canvas *canvas, struct rect area)
{
	for (int y = 0; y < DIAGRAM_HEIGHT; y++)
		for (int x = 0; x < DIAGRAM_WIDTH; x++) {
			unsigned taken = grid->taken[y][x];
			const char *glyph = grid->heads[y][x]
			                            ? head_glyph(grid->heads[y][x])
			                            : line_glyph(canvas, grid->ways[y][x], taken);
			if (grid->ways[y][x])
				(void)canvas_text(canvas, area, x, y, line_pen(taken), glyph);
		}
}

/* ---- states ---- */

/* Is that end in this place of the diagram? CLOSED is its end once it has gone anywhere. */
static bool is_here(const struct states_moment *moment, const struct node *node, int side)
{
	if (!moment->has_segment || moment->states[side] != node->state)
		return false;
	if (node->state != TCP_CLOSED)
		return true;
	bool has_moved = false;
	for (unsigned i = 0; i < moment->n_steps; i++)
		has_moved = has_moved || moment->path->steps[i].side == side;
	return has_moved == node->is_end;
}

static bool was_here(const struct states_moment *moment, const struct node *node)
{
	for (unsigned i = 0; i < moment->n_steps; i++) {
		const struct state_step *step = &moment->path->steps[i];
		if (node->state == TCP_CLOSED
		            ? (node->is_end ? step->to : step->from) == TCP_CLOSED
		            : step->from == node->state || step->to == node->state)
			return true;
	}
	return false;
}

/* "CS ESTABLISHED": C and S in front of the state in which client and server are. */
static void draw_node(const struct states_moment *moment, const struct node *node,
                      struct canvas *canvas, struct rect area)
{
	bool client = is_here(moment, node, CLIENT), server = is_here(moment, node, SERVER);
	enum role role = client && server         ? ROLE_TITLE
	                 : client                 ? ROLE_CLIENT
	                 : server                 ? ROLE_SERVER
	                 : was_here(moment, node) ? ROLE_TEXT
	                                          : ROLE_DIM;
	struct pen pen = pen_with(PEN(role), client || server ? STYLE_SELECTED : 0);
	(void)canvas_text(canvas, area, node->x, node->y, pen, tcp_state_name(node->state));
	int x = node->x - 1 - client - server;
	if (client)
		x = canvas_text(canvas, area, x, node->y, PEN(ROLE_CLIENT), "C");
	if (server)
		(void)canvas_text(canvas, area, x, node->y, PEN(ROLE_SERVER), "S");
}

void states_draw_diagram(const struct states_moment *moment, struct canvas *canvas,
                         struct rect area)
{
	struct grid grid = {0};
	for (size_t i = 0; i < LENGTH(arrows); i++)
		add_arrow(&grid, &arrows[i], sides_of(moment, &arrows[i]));
	draw_lines(&grid, canvas, area);
	for (size_t i = 0; i < LENGTH(labels); i++)
		(void)canvas_text(canvas, area, labels[i].x, labels[i].y, PEN(ROLE_DIM),
		                  labels[i].words);
	for (size_t i = 0; i < LENGTH(nodes); i++)
		draw_node(moment, &nodes[i], canvas, area);
}

/* ---- as a list ---- */

/* A word of the list, on the next row if it does not fit; returns false when rows are used up. */
static void add_word(struct canvas *canvas, struct rect area, int *x, int *y, struct pen pen,
                     const char *word)
{
	enum { INDENT = 2 };
	int columns = (int)columns_of(word, strlen(word));
	if (*x + columns > area.w && *x > INDENT) {
		*x = INDENT;
		++*y;
	}
	*x = canvas_text(canvas, area, *x, *y, pen, word);
}

int states_draw_path(const struct states_moment *moment, struct canvas *canvas, struct rect area,
                     int y, enum side side)
{
	int x = 0;
	struct pen pen = PEN(side == CLIENT ? ROLE_CLIENT : ROLE_SERVER);
	unsigned last = moment->n_steps;
	for (unsigned i = 0; i < moment->n_steps; i++)
		if (moment->path->steps[i].side == side)
			last = i;
	add_word(canvas, area, &x, &y, pen, side == CLIENT ? _("Client: ") : _("Server: "));
	if (!moment->has_segment) {
		add_word(canvas, area, &x, &y, PEN(ROLE_DIM), _("nothing seen yet"));
		return y + 1;
	}
	struct pen here = pen_with(pen, STYLE_SELECTED);
	add_word(canvas, area, &x, &y, last == moment->n_steps ? here : PEN(ROLE_TEXT),
	         tcp_state_name((enum tcp_state)moment->path->first[side]));
	for (unsigned i = 0; i < moment->n_steps; i++) {
		const struct state_step *step = &moment->path->steps[i];
		TEXT(word, 64);
		if (step->side != side)
			continue;
		add_word(canvas, area, &x, &y, PEN(ROLE_DIM), " → ");
		text_add(&word, tcp_state_name((enum tcp_state)step->to));
		add_word(canvas, area, &x, &y, i == last ? here : PEN(ROLE_TEXT), word.bytes);
	}
	if (moment->path->more)
		add_word(canvas, area, &x, &y, PEN(ROLE_DIM), " …");
	return y + 1;
}
