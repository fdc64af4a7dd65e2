/* commands.h: the one table of commands: its id, its keys, what the footer and `?` say. Dispatch,
 * footer, help and the man page are all made from it; a key means one thing everywhere. */
#ifndef WIRELAB_TUI_COMMANDS_H
#define WIRELAB_TUI_COMMANDS_H

#include "keys.h"

enum command_group {
	GROUP_TIME,
	GROUP_MOVE,
	GROUP_FIND,
	GROUP_SHOW,
	GROUP_WIRE,
	GROUP_FILE,
	N_GROUPS
};

/* X(id, letter, other key, group, rank in the footer (0: never, 1: first), short words, long words)
 * Short words stand in the footer, long ones in the help. Letters differ; K_NONE: no other key. */
#define COMMANDS(X)                                                                                \
	X(STEP, 's', K_NONE, GROUP_TIME, 1, N_("step"),                                            \
	  N_("step forward: let the next event happen"))                                           \
	X(STEP_BACK, 'S', K_NONE, GROUP_TIME, 2, N_("back"), N_("step back: undo the last event")) \
	X(PAUSE, ' ', K_NONE, GROUP_TIME, 3, N_("pause"), N_("pause, and go on"))                  \
	X(SLOWER, '[', K_NONE, GROUP_TIME, 0, N_("slower"), N_("slow motion, slower"))             \
	X(FASTER, ']', K_NONE, GROUP_TIME, 0, N_("faster"), N_("slow motion, faster"))             \
	X(LAST, 'G', K_END, GROUP_MOVE, 0, N_("end"),                                              \
	  N_("to the last event; a live capture is followed again"))                               \
	X(FIRST, 'g', K_HOME, GROUP_MOVE, 0, N_("start"),                                          \
	  N_("to the first frame; again: to the first event"))                                     \
	X(DOWN, 'j', K_DOWN, GROUP_MOVE, 0, N_("down"), N_("down one"))                            \
	X(UP, 'k', K_UP, GROUP_MOVE, 0, N_("up"), N_("up one"))                                    \
	X(LEFT, 'h', K_LEFT, GROUP_MOVE, 0, N_("left"), N_("left, or out of it"))                  \
	X(RIGHT, 'l', K_RIGHT, GROUP_MOVE, 0, N_("right"), N_("right, or into it"))                \
	X(PAGE_DOWN, K_CTRL('f'), K_PAGE_DOWN, GROUP_MOVE, 0, N_("page"), N_("down one page"))     \
	X(PAGE_UP, K_CTRL('b'), K_PAGE_UP, GROUP_MOVE, 0, N_("page"), N_("up one page"))           \
	X(GOTO, ':', K_NONE, GROUP_MOVE, 0, N_("go to"), N_("go to a frame by its number"))        \
	X(MARK, 'M', K_NONE, GROUP_MOVE, 0, N_("mark"),                                            \
	  N_("mark this row: the status line measures from it"))                                   \
	X(GOTO_MARK, '\'', K_NONE, GROUP_MOVE, 0, N_("to mark"), N_("go to the mark and back"))    \
	X(SEARCH, '/', K_NONE, GROUP_FIND, 7, N_("search"), N_("search for words in the rows"))    \
	X(NEXT_HIT, 'n', K_NONE, GROUP_FIND, 0, N_("next"), N_("next row that was found"))         \
	X(PREVIOUS_HIT, 'N', K_NONE, GROUP_FIND, 0, N_("previous"),                                \
	  N_("previous row that was found"))                                                       \
	X(FILTER, 'f', K_NONE, GROUP_FIND, 8, N_("filter"), N_("show only what matches"))          \
	X(ONLY, 'o', K_NONE, GROUP_FIND, 9, N_("only this"),                                       \
	  N_("only this connection, or all again"))                                                \
	X(MESSAGES, 'm', K_NONE, GROUP_SHOW, 0, N_("messages"),                                    \
	  N_("messages of programs, applications, capture: on or off; a message leaves its frame " \
	     "selected"))                                                                          \
	X(EXPLAIN, 'e', K_NONE, GROUP_SHOW, 4, N_("explain"), N_("what it means: on or off"))      \
	X(BYTES, 'x', K_NONE, GROUP_SHOW, 5, N_("bytes"), N_("headers, fields and bytes"))         \
	X(STATES, 'T', K_NONE, GROUP_SHOW, 0, N_("states"),                                        \
	  N_("the TCP state diagram and both ends' variables"))                                    \
	X(CONNECTIONS, 'c', K_NONE, GROUP_SHOW, 6, N_("connections"), N_("list of connections"))   \
	X(FOLLOW, 'F', K_NONE, GROUP_SHOW, 0, N_("stream"), N_("the bytes each end received"))     \
	X(GRAPH, 'y', K_NONE, GROUP_SHOW, 0, N_("graph"), N_("sequence numbers over time"))        \
	X(SUMMARY, 'i', K_NONE, GROUP_SHOW, 0, N_("summary"), N_("the connection in figures"))     \
	X(FORM, 'v', K_NONE, GROUP_SHOW, 0, N_("form"),                                            \
	  N_("the other form: text or bytes of a stream, a list the other way round"))             \
	X(DIRECTION, 'd', K_NONE, GROUP_SHOW, 0, N_("end"),                                        \
	  N_("of stream and graph: what the client sent, the server, both"))                       \
	X(NEARER, '+', '=', GROUP_SHOW, 0, N_("nearer"),                                           \
	  N_("the graph nearer, around the selected segment"))                                     \
	X(FARTHER, '-', K_NONE, GROUP_SHOW, 0, N_("farther"), N_("the graph from farther away"))   \
	X(WHOLE, 'a', K_NONE, GROUP_SHOW, 0, N_("all"), N_("all of the graph"))                    \
	X(TIMES, 't', K_NONE, GROUP_SHOW, 0, N_("times"),                                          \
	  N_("times since the start, since the row before, since the mark, of day"))               \
	X(PROPORTIONAL, 'p', K_NONE, GROUP_SHOW, 0, N_("to scale"),                                \
	  N_("silence in proportion, or as one row"))                                              \
	X(RELATIVE, 'r', K_NONE, GROUP_SHOW, 0, N_("numbers"),                                     \
	  N_("sequence numbers counted from 0, or as sent"))                                       \
	X(ROLES, 'R', K_NONE, GROUP_SHOW, 0, N_("roles"),                                          \
	  N_("exchange client and server, where that is a guess"))                                 \
	X(ENTER, '\r', K_NONE, GROUP_SHOW, 0, N_("open"),                                          \
	  N_("open what is selected; from a message to its first frame, and back"))                \
	X(PANE, '\t', K_BACKTAB, GROUP_SHOW, 0, N_("pane"), N_("to the other pane"))               \
	X(ZOOM, 'z', K_NONE, GROUP_SHOW, 0, N_("zoom"), N_("this pane alone, or all"))             \
	X(RELEASE, '.', K_NONE, GROUP_WIRE, 1, N_("let go"),                                       \
	  N_("let the frame that waits on the wire go on"))                                        \
	X(DROP, 'D', K_NONE, GROUP_WIRE, 1, N_("lose"), N_("lose it"))                             \
	X(DUPLICATE, 'U', K_NONE, GROUP_WIRE, 1, N_("double"), N_("make a second one of it"))      \
	X(CORRUPT, 'C', K_NONE, GROUP_WIRE, 1, N_("spoil"), N_("change a byte of it"))             \
	X(CHOOSE, ',', K_NONE, GROUP_WIRE, 2, N_("another"),                                       \
	  N_("choose another frame on the wire"))                                                  \
	X(HOLD, 'H', K_NONE, GROUP_WIRE, 1, N_("hold/flow"),                                       \
	  N_("from now on each frame waits on the wire, or all flow again"))                       \
	X(WRITE, 'w', K_NONE, GROUP_FILE, 0, N_("write"), N_("write what is shown to a file"))     \
	X(REDRAW, K_CTRL('l'), K_NONE, GROUP_FILE, 0, N_("redraw"), N_("draw the screen anew"))    \
	X(SUSPEND, K_CTRL('z'), K_NONE, GROUP_FILE, 0, N_("suspend"),                              \
	  N_("stop for now; fg in the shell goes on"))                                             \
	X(HELP, '?', K_F1, GROUP_FILE, 1, N_("help"), N_("this help"))                             \
	X(BACK, 'q', K_ESCAPE, GROUP_FILE, 0, N_("back"), N_("back; from the first view: quit"))   \
	X(QUIT, 'Q', K_CTRL('c'), GROUP_FILE, 1, N_("quit"), N_("quit"))

enum command {
	COMMAND_NONE,
#define X(id, ...) COMMAND_##id,
	COMMANDS(X)
#undef X
	        N_COMMANDS
};

struct command_info {
	int letter, key;
	enum command_group group;
	int rank;
	const char *brief, *help; /* marked English */
};

/* The row of a command; not of COMMAND_NONE. */
const struct command_info *command_info(enum command command);

/* The command of a key, or COMMAND_NONE. */
enum command command_of_key(int key);

/* "Time", "Moving" …, marked English. */
const char *command_group_title(enum command_group group);

#endif
