/* test_tui_soak.c: a hundred thousand keys at random, with resizes, clicks and events arriving
 * between them: nothing may break, whatever the order. The same keys every time; under the
 * sanitizers it is they who find fault. SOAK_KEYS and SOAK_SEED choose others. */
#include "tui_model.h"

#include <limits.h>
#include <unistd.h>

#include "tui/ui.h"

enum { KEYS = 100000, DRAW_EVERY = 25, MANY_LINES = 4096, MOST_WIDTH = 250, MOST_HEIGHT = 80 };

struct soak {
	struct model *model;
	struct ui ui;
	struct canvas canvas;
	struct err err;
	uint64_t random;
	int64_t clock_ns;
	char *lines[MANY_LINES];
	uint32_t n_lines, fed;
};

/* A linear congruential generator (Knuth's MMIX); its upper bits are the better ones. */
static uint32_t below(struct soak *s, uint32_t n)
{
	s->random = s->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(s->random >> 33) % n;
}

static uint64_t environment(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);
	return value ? strtoull(value, NULL, 10) : otherwise;
}

/* ---- a stream of several connections, datagrams, faults and idle times ---- */

static void read_lines(struct soak *s, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("cannot read %s: run the tests in the root of the source", path);
	while (s->n_lines < MANY_LINES && getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		s->lines[s->n_lines++] = strdup(line);
	}
	free(line);
	assert_int_equal(fclose(file), 0);
}

static void read_all(struct soak *s)
{
	static const char *const names[] = {"port_reuse",  "fast_retransmit",
	                                    "zero_window", "udp_icmp",
	                                    "close_four",  "arp",
	                                    "mid_stream",  "http",
	                                    "dns",         "websocket",
	                                    "ftp",         "smtp"};
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "tests/golden/expected/%s.pcap.json", names[i]);
		read_lines(s, path);
	}
	assert_true(s->n_lines > 50);
}

static void feed_some(struct soak *s)
{
	for (uint32_t n = below(s, 4); n > 0 && s->fed < s->n_lines; n--) {
		const char *line = s->lines[s->fed++];
		assert_int_equal(model_line(s->model, line, strlen(line), &s->err), 0);
	}
	if (s->fed == s->n_lines && !s->model->ended)
		model_end(s->model);
}

/* ---- keys ---- */

static int any_key(struct soak *s)
{
	static const int special[] = {K_ESCAPE,    K_BACKSPACE, '\t',        '\r', K_CTRL('f'),
	                              K_CTRL('b'), K_CTRL('l'), K_CTRL('c'), 0xE4, 0x4E2D};
	uint32_t choice = below(s, 10);
	if (choice < 5) /* a command */
		return command_info((enum command)(1 + below(s, N_COMMANDS - 1)))->letter;
	if (choice < 7)
		return (int)(' ' + below(s, 95));
	if (choice < 9)
		return K_UP + (int)below(s, K_RESIZE - K_UP);
	return special[below(s, sizeof special / sizeof special[0])];
}

/* What is written is written into a folder of the test's own: no name may lead out of it. */
static bool leads_out(const struct soak *s, int key)
{
	return s->ui.prompt.command == COMMAND_WRITE && (key == '/' || key == '.');
}

static void resize(struct soak *s)
{
	int width = 1 + (int)below(s, MOST_WIDTH), height = 1 + (int)below(s, MOST_HEIGHT);
	canvas_release(&s->canvas);
	assert_int_equal(canvas_init(&s->canvas, width, height, below(s, 2) == 0, &s->err), 0);
	const struct input input = {.key = K_RESIZE};
	(void)ui_key(&s->ui, &input, s->clock_ns); /* it is drawn in its turn */
}

static void press(struct soak *s)
{
	struct input input = {.key = any_key(s)};
	input.x = (int)below(s, (uint32_t)s->canvas.width);
	input.y = (int)below(s, (uint32_t)s->canvas.height);
	if (leads_out(s, input.key))
		return;
	(void)ui_key(&s->ui, &input, s->clock_ns); /* it is drawn in its turn */
	s->ui.quit = false;
	(void)ui_work(&s->ui); /* a piece of it; the rest comes behind the next keys */
}

static void check(struct soak *s)
{
	uint32_t rows = model_rows(s->model), row = model_row(s->model);
	ui_draw(&s->ui, &s->canvas);
	assert_true(rows == 0 ? row == 0 : row < rows);
	assert_true(s->model->log.n <= s->n_lines);
	assert_true(s->ui.main >= 0 && s->ui.main < N_VIEWS);
}

static void play(struct soak *s, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		s->clock_ns += below(s, 1000) * NS_PER_MS;
		if (below(s, 50) == 0)
			resize(s);
		if (below(s, 100) == 0)
			feed_some(s);
		press(s);
		model_tick(s->model, s->clock_ns);
		if (i % DRAW_EVERY == 0)
			check(s);
	}
}

/* ---- once live, once from a file ---- */

static void soak(bool live)
{
	struct soak *s = calloc(1, sizeof *s);
	char folder[] = "/tmp/wirelab-soak-XXXXXX", back[PATH_MAX], command[PATH_MAX];
	assert_non_null(s);
	s->random = environment("SOAK_SEED", 4);
	s->model = model_new(live);
	read_all(s);
	assert_non_null(getcwd(back, sizeof back));
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(ui_init(&s->ui, s->model, &s->err), 0);
	resize(s);
	play(s, environment("SOAK_KEYS", KEYS) / 2);
	assert_int_equal(s->fed, s->n_lines); /* all of it was seen */
	ui_release(&s->ui);
	canvas_release(&s->canvas);
	model_free(s->model);
	for (uint32_t i = 0; i < s->n_lines; i++)
		free(s->lines[i]);
	free(s);
	assert_int_equal(chdir(back), 0);
	(void)snprintf(command, sizeof command, "rm -r '%s'", folder);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a name of our own */
}

static void random_keys_on_a_live_stream_break_nothing(void **state)
{
	(void)state;
	soak(true);
}

static void random_keys_on_a_saved_stream_break_nothing(void **state)
{
	(void)state;
	soak(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(random_keys_on_a_live_stream_break_nothing),
	        cmocka_unit_test(random_keys_on_a_saved_stream_break_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
