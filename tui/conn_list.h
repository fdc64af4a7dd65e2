/* conn_list.h: the connections as a table at one moment: what each had done by then, which match
 * the filter, and in which order they stand. Everything is done in pieces and kept until there is
 * more; knows no canvas. */
#ifndef WIRELAB_TUI_CONN_LIST_H
#define WIRELAB_TUI_CONN_LIST_H

#include "model.h"

enum conn_column {
	COLUMN_NUMBER,
	COLUMN_CLIENT,
	COLUMN_SERVER,
	COLUMN_START,
	COLUMN_DURATION,
	COLUMN_BYTES,
	COLUMN_SEGMENTS,
	COLUMN_ALERTS,
	COLUMN_STATES,
	COLUMN_CLOSE,
	N_CONN_COLUMNS
};

/* A connection as it was at the moment of the list. */
struct conn_figures {
	int64_t first_ns, last_ns;
	uint64_t n_bytes;
	uint32_t n_segments, n_alerts;
	uint32_t matches;        /* the filter's round in which it matched */
	uint8_t states[N_SIDES]; /* enum tcp_state */
	bool has_begun, is_closed;
};

struct conn_list {
	/* figures[i] belongs to conns->entries[i], up to record `until` */
	struct conn_figures *figures;
	uint32_t n_figures, room;
	uint32_t until; /* records taken */

	/* which of them are shown: those of which a row passes the display filter */
	bool is_filtered;
	char expression[EXPRESSION_MAX]; /* that was asked */
	uint32_t round;                  /* changes with the expression */
	uint32_t asked;                  /* rows looked at */

	/* in which order */
	uint32_t *order; /* indexes of entries */
	uint32_t n, room_order;
	enum conn_column column;
	bool reverse, dirty;
	uint32_t version;       /* counts the orders made */
	uint32_t seen, ordered; /* records taken in the last round; when the order was made */
};

void conn_list_release(struct conn_list *list);

/* Brings the list to the moment of `horizon` records, taking at most `budget` of them. True: not
 * done. */
bool conn_list_update(struct conn_list *list, const struct model *model, uint32_t horizon,
                      uint32_t budget);

/* Orders by that column; the same one again: the other way round. */
void conn_list_sort(struct conn_list *list, enum conn_column column);
void conn_list_reverse(struct conn_list *list);

/* The place of that stream in the order, or list->n. */
uint32_t conn_list_find(const struct conn_list *list, const struct model *model, uint32_t stream);

#endif
