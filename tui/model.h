/* model.h: what the screen is about, without a screen: the log, which of its records are rows, how
 * far time has come (live, paused, step by step, in slow motion), which row is selected. Every pane
 * shows the moment of the selected row. No clock: times are passed in. No curses.
 *
 * A *record* is an event of the log, a *row* is a record that passes the filters. Rows are numbered
 * from 0; without a filter the row and the record have the same number. */
#ifndef WIRELAB_TUI_MODEL_H
#define WIRELAB_TUI_MODEL_H

#include "conns.h"
#include "flights.h"
#include "log.h"
#include "samples.h"
#include "sink/in_calls.h"
#include "sink/talks.h"

enum mode {
	MODE_LIVE,   /* follows the last event */
	MODE_PAUSED, /* moves freely in what is there; a live capture goes on behind it */
	MODE_STEP,   /* one row at a time: what comes behind has not happened yet */
	MODE_SLOW,   /* events appear one by one, at a pace for people */
	N_MODES
};

/* "LIVE" …; never translated. */
const char *mode_name(enum mode mode);

enum time_mode {
	TIME_SINCE_START, /* ms since the first frame */
	TIME_SINCE_ROW,   /* ms since the row before */
	TIME_SINCE_MARK,  /* ms since the mark, or since the selected row */
	TIME_OF_DAY,
	N_TIME_MODES
};

/* Which events a filter lets through. `matches` must depend on the event only. */
struct event_filter {
	bool (*matches)(void *arg, const struct event *event);
	void *arg;
};

enum { SEARCH_MAX = 128, EXPRESSION_MAX = 512 };

/* A list of record numbers in rising order. */
struct numbers {
	uint32_t *list;
	uint32_t n, room;
};

struct search {
	char pattern[SEARCH_MAX]; /* empty: none; compared without regard to case */
	uint32_t next;            /* first record that has not been looked at */
	struct numbers hits;
};

struct program_state {
	bool started, ready, exited;
	uint32_t started_at, exited_at; /* records, or NO_RECORD */
	int32_t pid, status, signal;
	char command[EVENT_NAME_MAX];
};

struct model {
	struct log log;
	struct conns conns;
	struct talks talks;     /* of datagrams and ICMP */
	struct samples samples; /* of the kernels */
	struct flights flights; /* on the emulated wire now */
	struct in_calls in_calls;

	/* where it comes from */
	bool live;                  /* events arrive as they happen; else from a file */
	bool ended;                 /* no more will come */
	char title[EVENT_TEXT_MAX]; /* "lo", "some.pcap", "01-hello" */
	char filter_bpf[EVENT_TEXT_MAX];
	bool capturing; /* the capture has started */
	uint64_t received, dropped, dropped_by_interface;
	uint64_t n_segments, n_frames; /* TCP segments; everything on the wire */
	uint64_t n_bad_lines;          /* lines that were not events */
	struct program_state programs[N_SIDES];
	bool has_origin;
	int64_t origin_ns; /* time 0: the first frame */

	/* which records are rows */
	bool is_filtered;                /* rows.list says which; else all are */
	bool hide_messages;              /* only what was on the wire */
	uint32_t only_stream;            /* NO_STREAM: all */
	struct event_filter filter;      /* matches NULL: none */
	char expression[EXPRESSION_MAX]; /* what the person typed for it */
	struct numbers rows;
	uint32_t filtered; /* records that the filter has been asked about */

	/* time */
	enum mode mode;
	enum mode resume;     /* what Space goes back to: MODE_LIVE or MODE_SLOW */
	bool open;            /* all that has arrived has happened; `horizon` counts only if not */
	bool touched;         /* the person has moved: do not choose a first row any more */
	uint32_t horizon;     /* records that have happened for the screen */
	int64_t pace_ns;      /* between two rows in MODE_SLOW */
	int64_t next_ns;      /* when the next one is due */
	uint32_t now;         /* the record that was selected; see model_current() */
	uint32_t mark;        /* NO_RECORD: none */
	uint32_t before_mark; /* where the person was before going to it */
	uint32_t carried; /* a message that was selected when it ceased to be a row, or NO_RECORD */
	uint32_t carrier; /* the frame that is selected in its place */

	struct search search;

	/* how things are written */
	enum time_mode time_mode;
	bool raw_numbers;    /* sequence numbers as sent, not relative */
	bool proportional;   /* idle time takes rows in proportion */
	unsigned generation; /* changes whenever something that is drawn has changed */
};

/* Prepares an empty model. `live`: follows the last event; else opens on the first. 0, or -1 with a
 * message. */
int model_init(struct model *model, bool live, struct err *err);
void model_release(struct model *model);

/* ---- input ---- */

/* Takes one line of the stream. 0 (a line that is no event is counted), or -1 with a message: no
 * memory or no disk. */
int model_line(struct model *model, const char *line, size_t n, struct err *err);

/* The stream has ended. */
void model_end(struct model *model);

/* Exchanges client and server of the current connection, if who is who is a guess; false if not, or
 * there is none. Filter and search begin anew. */
bool model_swap_roles(struct model *model);

/* Continues what takes long (filtering, searching), for at most `budget` records. True: not done.
 */
bool model_work(struct model *model, uint32_t budget);

/* Slow motion: lets happen what is due at `clock_ns` (any monotonic clock). */
void model_tick(struct model *model, int64_t clock_ns);

/* Nanoseconds from clock_ns until model_tick() has something to do; -1: nothing is waiting. */
int64_t model_wait_ns(const struct model *model, int64_t clock_ns);

/* ---- rows ---- */
uint32_t model_rows(const struct model *model);                        /* that have happened */
uint32_t model_record_of_row(const struct model *model, uint32_t row); /* row < model_rows() */
/* The row of that record, or the first one behind it; model_rows() if there is none. */
uint32_t model_row_of_record(const struct model *model, uint32_t record);

/* The selected row: the last one in MODE_LIVE and MODE_SLOW; 0 when there is none. */
uint32_t model_row(const struct model *model);

/* The record of the selected row, whose moment all panes show; NO_RECORD: there is no row. */
uint32_t model_current(const struct model *model);

/* Rows that have arrived and not happened yet: "+37 new". */
uint32_t model_behind(const struct model *model);

/* The event of the selected row, or of any record; false when there is none. */
bool model_now(const struct model *model, struct event *event);
bool model_event(const struct model *model, uint32_t record, struct event *event);

/* The frame that completed a message of an application; NO_RECORD: it is not there, or that record
 * is no message. */
uint32_t model_carrier(const struct model *model, uint32_t message);

/* The connection of the selected row, else the one that is shown alone, else the nearest before or
 * behind; NULL when there is none. */
const struct conn_entry *model_conn(const struct model *model);

/* The states and TCBs of a connection's both ends at the selected moment: those after the last
 * segment of that stream at or before it. False when none was seen. `segment` gets that segment. */
bool model_segment_at(const struct model *model, uint32_t stream, struct segment *segment);

/* ---- moving in time; all clip to what is there ---- */
void model_select(struct model *model, uint32_t row); /* leaves MODE_LIVE */
void model_move(struct model *model, int64_t rows);   /* the same, relative */
/* To the first frame, where the rows have one; from there to the very first row. */
void model_first(struct model *model);
void model_last(struct model *model);                    /* a live model follows again */
void model_pause(struct model *model, int64_t clock_ns); /* and on again */
/* MODE_STEP; +1 or -1 row. At the end of a live run that nobody has moved in yet, a step forward
 * goes to the first frame. */
void model_step(struct model *model, int direction);

/* True there: the next step begins at the start. */
bool model_steps_from_start(const struct model *model);
void model_slow(struct model *model, int64_t pace_ns, int64_t clock_ns); /* MODE_SLOW */
bool model_goto_frame(struct model *model, uint64_t frame); /* false: not among the rows */
/* From a message of an application to the first frame that carried it, from a frame to the message
 * that it carried a part of. False: there is none among the rows. */
bool model_follow_link(struct model *model);

/* ---- filters, search, mark ---- */
/* The selection stays where it is; the frame that completed a message stands for it while the
 * message is no row. */
void model_set_filter(struct model *model, struct event_filter filter, const char *expression);
void model_set_stream(struct model *model, uint32_t stream); /* NO_STREAM: all */
void model_set_messages(struct model *model, bool hide);
void model_search(struct model *model, const char *pattern); /* "" ends it */
bool model_next_hit(struct model *model, int direction);     /* false: none found yet */
/* Which hit the selected row is, from 1; 0: it is none. */
uint32_t model_hit_number(const struct model *model);
void model_mark(struct model *model); /* sets it on the selected row, or takes it away */
bool model_goto_mark(struct model *model);

enum { TIME_COLUMNS = 8, TIME_OF_DAY_COLUMNS = 12 };

/* The time of a row in the current time mode, in at most TIME_COLUMNS (of day:
 * TIME_OF_DAY_COLUMNS). */
void model_add_time(const struct model *model, uint32_t row, struct text *t);

#endif
