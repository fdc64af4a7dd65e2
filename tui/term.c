/* term.c: see term.h. The terminal's settings are also kept where a signal handler finds them: a
 * crash must not leave a screen that shows nothing and echoes nothing. */
#define _XOPEN_SOURCE_EXTENDED 1
#include "term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/utf8.h"
#include "theme.h"

struct terminal {
	SCREEN *screen;
	FILE *in, *out; /* in: the terminal, even when stdin is something else */
	enum theme_colors colors;
	bool mouse;
};

/* For the handler of crashes alone: it gets no pointer. Written before the handler is set. */
static struct {
	int fd;
	struct termios saved;
	char bytes[256]; /* what makes the screen normal again */
	size_t n;
} rescue = {.fd = -1};

/* Asks for moves with the button down, and takes it back. */
#define MOUSE_ON  "\033[?1002h"
#define MOUSE_OFF "\033[?1002l"

/* ---- what kind of terminal ---- */

static bool has_string(const char *name)
{
	const char *value = tigetstr(name);
	return value && (intptr_t)value != -1 && value[0] != '\0';
}

bool term_is_capable(void)
{
	int fault;
	const char *name = getenv("TERM");
	if (!isatty(STDOUT_FILENO) || !name || name[0] == '\0')
		return false;
	if (setupterm(NULL, STDOUT_FILENO, &fault) != OK)
		return false;
	return has_string("cup") && has_string("clear");
}

bool term_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* ---- rescue ---- */

static void on_crash(int number)
{
	struct sigaction as_usual = {.sa_handler = SIG_DFL};
	if (rescue.fd >= 0) {
		(void)io_write_all(rescue.fd, rescue.bytes, rescue.n); /* the last that we can do */
		(void)tcsetattr(rescue.fd, TCSANOW, &rescue.saved);
	}
	(void)sigaction(number, &as_usual, NULL);
	(void)raise(number); /* so that the shell says what has happened */
}

static void add_capability(struct text *t, const char *name)
{
	const char *value = tigetstr(name);
	if (value && (intptr_t)value != -1)
		text_add(t, value);
}

static void prepare_rescue(struct terminal *term)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
	struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
	struct text t = text_of(rescue.bytes, sizeof rescue.bytes);
	text_add(&t, term->mouse ? MOUSE_OFF "\033[?1000l\033[?1006l" : "");
	add_capability(&t, "sgr0");
	add_capability(&t, "cnorm");
	add_capability(&t, "rmkx");
	add_capability(&t, "rmcup");
	rescue.n = t.len;
	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		(void)sigaction(crashes[i], &action, NULL); /* without it a crash is only uglier */
}

/* ---- opening and closing ---- */

static void start_colors(struct terminal *term)
{
	bool has = has_colors() && start_color() == OK;
	term->colors = theme_choose(has ? COLORS : 0, getenv("NO_COLOR"));
	if (term->colors == THEME_MONO)
		return;
	(void)use_default_colors(); /* without it the ground is black */
	for (int role = 0; role < N_ROLES; role++) {
		struct look look = theme_look(term->colors, PEN(role));
		(void)init_pair((short)(role + 1), (short)look.foreground, -1); /* few enough */
	}
}

static void start_mouse(struct terminal *term)
{
	mmask_t mask = BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED |
	               REPORT_MOUSE_POSITION;
	term->mouse = has_string("kmous") && mousemask(mask, NULL) != 0;
	if (!term->mouse)
		return;
	(void)mouseinterval(0); /* presses at once, not clicks after a while */
	(void)fputs(MOUSE_ON, term->out);
	(void)fflush(term->out); /* a terminal without it ignores it */
}

static void stop_mouse(struct terminal *term)
{
	if (!term->mouse)
		return;
	(void)fputs(MOUSE_OFF, term->out);
	(void)fflush(term->out); /* as above */
}

static void set_modes(void)
{
	enum { ESCAPE_MS = 25 };
	(void)raw(); /* these fail only without a screen */
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(ESCAPE_MS);
	(void)curs_set(0);
}

static struct terminal *fail(struct terminal *term, struct err *err, const char *what)
{
	(void)err_errno(err, "%s", what);
	if (term->in && term->in != stdin)
		(void)fclose(term->in); /* it was only read */
	free(term);
	return NULL;
}

struct terminal *term_open(struct err *err)
{
	struct terminal *term = calloc(1, sizeof *term);
	if (!term) {
		(void)err_errno(err, _("no memory"));
		return NULL;
	}
	term->out = stdout;
	term->in = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
	if (!term->in)
		return fail(term, err, _("there is no terminal to read keys from"));
	if (tcgetattr(fileno(term->in), &rescue.saved) < 0)
		return fail(term, err, _("the terminal does not answer"));
	term->screen = newterm(NULL, term->out, term->in);
	if (!term->screen)
		return fail(term, err, _("this terminal cannot be drawn on"));
	rescue.fd = fileno(term->out);
	set_modes();
	start_colors(term);
	start_mouse(term);
	prepare_rescue(term);
	return term;
}

void term_close(struct terminal *term)
{
	if (!term)
		return;
	rescue.fd = -1;
	stop_mouse(term);
	(void)endwin(); /* fails only when it is not shown */
	delscreen(term->screen);
	if (term->in != stdin)
		(void)fclose(term->in); /* it was only read */
	free(term);
}

int term_fd(const struct terminal *term)
{
	return fileno(term->in);
}

void term_size(const struct terminal *term, int *width, int *height)
{
	(void)term; /* curses knows only one */
	getmaxyx(stdscr, *height, *width);
}

void term_resized(struct terminal *term)
{
	struct winsize size;
	if (ioctl(fileno(term->out), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		(void)resizeterm(size.ws_row, size.ws_col); /* no memory: the old size stays */
}

void term_suspend(struct terminal *term)
{
	stop_mouse(term);
	(void)endwin();
	(void)kill(0, SIGSTOP); /* all of us: the shell waits for the whole group */
	(void)refresh();        /* here it goes on after fg */
	start_mouse(term);
	term_resized(term);
}

/* ---- keys ---- */

static int mouse_key(struct input *input)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return K_NONE;
	input->x = event.x;
	input->y = event.y;
	if (event.bstate & BUTTON4_PRESSED)
		return K_WHEEL_UP;
	if (event.bstate & BUTTON5_PRESSED)
		return K_WHEEL_DOWN;
	if (event.bstate & BUTTON1_PRESSED)
		return K_CLICK;
	if (event.bstate & BUTTON1_RELEASED)
		return K_DROP;
	return event.bstate & REPORT_MOUSE_POSITION ? K_DRAG : K_NONE;
}

static int special_key(wint_t code, struct input *input)
{
	static const struct {
		int curses, key;
	} keys[] = {
	        {KEY_UP, K_UP},         {KEY_DOWN, K_DOWN},       {KEY_LEFT, K_LEFT},
	        {KEY_RIGHT, K_RIGHT},   {KEY_HOME, K_HOME},       {KEY_END, K_END},
	        {KEY_PPAGE, K_PAGE_UP}, {KEY_NPAGE, K_PAGE_DOWN}, {KEY_DC, K_DELETE},
	        {KEY_BTAB, K_BACKTAB},  {KEY_F(1), K_F1},         {KEY_BACKSPACE, K_BACKSPACE},
	        {KEY_ENTER, '\r'},      {KEY_RESIZE, K_RESIZE},
	};
	if (code == KEY_MOUSE)
		return mouse_key(input);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if ((wint_t)keys[i].curses == code)
			return keys[i].key;
	return K_NONE;
}

bool term_key(struct terminal *term, struct input *input)
{
	wint_t code;
	(void)term; /* curses knows only one */
	*input = (struct input){.key = K_NONE};
	int kind = wget_wch(stdscr, &code);
	if (kind == ERR)
		return false;
	if (kind == KEY_CODE_YES)
		input->key = special_key(code, input);
	else
		input->key = code == 8 ? K_BACKSPACE : (int)code;
	return true;
}

/* ---- drawing ---- */

static attr_t attributes_of(struct look look)
{
	attr_t attributes = A_NORMAL;
	attributes |= look.bold ? A_BOLD : A_NORMAL;
	attributes |= look.dim ? A_DIM : A_NORMAL;
	attributes |= look.reverse ? A_REVERSE : A_NORMAL;
	attributes |= look.underline ? A_UNDERLINE : A_NORMAL;
	return attributes;
}

/* The characters of a cell, as curses wants them: one that takes columns, then marks that take
 * none. A character whose width the C library knows otherwise than we do would tear the row: false.
 */
static bool characters_of(const struct cell *cell, wchar_t characters[CELL_BYTES + 1])
{
	size_t n = 0;
	uint32_t code;
	for (size_t at = 0, used; at < cell->n && n < CCHARW_MAX; at += used) {
		used = utf8_read(cell->bytes + at, cell->n - at, &code);
		if (used == 0 || wcwidth((wchar_t)code) != (n == 0 ? cell->width : 0))
			return false;
		characters[n++] = (wchar_t)code;
	}
	return true;
}

static void show_cell(const struct terminal *term, int x, int y, const struct cell *cell)
{
	wchar_t characters[CELL_BYTES + 1] = {L' '};
	cchar_t shown;
	struct look look = theme_look(term->colors, cell->pen);
	short pair = term->colors == THEME_MONO ? 0 : (short)(cell->pen.role + 1);
	int n_cells = 1;
	if (!characters_of(cell, characters)) {
		(void)wmemset(characters, L'\0', CELL_BYTES + 1);
		characters[0] = L'?';
		n_cells = cell->width;
	}
	if (setcchar(&shown, characters, attributes_of(look), pair, NULL) != OK)
		return;
	for (int i = 0; i < n_cells; i++)
		(void)mvadd_wch(y, x + i, &shown); /* ERR in the last corner, though it is drawn */
}

void term_show(struct terminal *term, const struct canvas *canvas, int x, int y, bool anew)
{
	const struct cell *cell = canvas->cells;
	if (anew)
		(void)clearok(curscr, TRUE); /* the next refresh repaints everything */
	for (int row = 0; row < canvas->height; row++)
		for (int column = 0; column < canvas->width; column++, cell++)
			if (cell->width > 0)
				show_cell(term, column, row, cell);
	(void)curs_set(x >= 0); /* not every terminal can */
	if (x >= 0)
		(void)move(y, x);
	(void)refresh();
}
