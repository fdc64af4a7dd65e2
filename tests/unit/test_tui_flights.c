/* test_tui_flights.c: frames on the emulated wire: what is there, which is meant, what the keys say
 * to the wire, and how it is drawn. */
#include "tui_model.h"

#include "tui/ui.h"

static void tell(struct model *model, enum wire_action action, uint64_t id, enum side from,
                 const char *what)
{
	struct event e = event_at(EVENT_WIRE, 0);
	e.wire = (struct wire_event){.action = action, .id = id, .from = from};
	(void)snprintf(e.wire.what, sizeof e.wire.what, "%s", what);
	feed(model, e);
}

static void frames_are_there_until_their_fate_is_known(void **state)
{
	(void)state;
	struct model *model = model_new(true);
	tell(model, WIRE_SENT, 1, CLIENT, "SYN");
	tell(model, WIRE_HELD, 2, SERVER, "SYN,ACK");
	tell(model, WIRE_SENT, 3, CLIENT, "ACK");
	assert_int_equal(model->flights.n, 3);
	assert_int_equal(flights_held(&model->flights), 1);
	assert_int_equal(flights_chosen(&model->flights)->id, 2);
	tell(model, WIRE_RELEASED, 2, SERVER, "SYN,ACK");
	assert_int_equal(flights_held(&model->flights), 0);
	tell(model, WIRE_ARRIVED, 2, SERVER, "SYN,ACK");
	tell(model, WIRE_DROPPED, 1, CLIENT, "SYN");
	assert_int_equal(model->flights.n, 1);
	assert_int_equal(model->flights.list[0].id, 3);
	model_free(model);
}

static void a_frame_s_own_event_takes_it_out_too(void **state)
{
	(void)state;
	struct model *model = model_new(true);
	struct event syn = story_syn(0);
	tell(model, WIRE_SENT, 7, CLIENT, "SYN");
	syn.frame = 1;
	syn.passage = (struct passage){.id = 7, .fate = FATE_ARRIVED, .arrived_ns = START_NS};
	feed(model, syn);
	assert_int_equal(model->flights.n, 0);
	assert_null(flights_chosen(&model->flights));
	model_free(model);
}

static void more_than_there_is_room_for_are_passed_over(void **state)
{
	(void)state;
	struct model *model = model_new(true);
	for (uint64_t id = 1; id <= 3 * FLIGHTS_MAX; id++)
		tell(model, WIRE_HELD, id, CLIENT, "data");
	assert_int_equal(model->flights.n, FLIGHTS_MAX);
	for (uint64_t id = 1; id <= 3 * FLIGHTS_MAX; id++)
		tell(model, WIRE_ARRIVED, id, CLIENT, "data");
	assert_int_equal(model->flights.n, 0);
	model_free(model);
}

static void choosing_goes_round(void **state)
{
	(void)state;
	struct model *model = model_new(true);
	for (uint64_t id = 1; id <= 3; id++)
		tell(model, WIRE_HELD, id, CLIENT, "data");
	for (uint64_t id = 2; id <= 4; id++) {
		flights_choose_next(&model->flights);
		assert_int_equal(flights_chosen(&model->flights)->id, id > 3 ? 1 : id);
	}
	model_free(model);
}

/* ---- the keys and the screen ---- */

static struct ui *ui_new(struct model *model)
{
	struct err err;
	struct ui *ui = calloc(1, sizeof *ui);
	assert_non_null(ui);
	assert_int_equal(ui_init(ui, model, &err), 0);
	return ui;
}

static void press(struct ui *ui, int key)
{
	const struct input input = {.key = key};
	(void)ui_key(ui, &input, 0);
}

static void expect_lines(struct ui *ui, const char *lines)
{
	assert_int_equal(ui->wire.n, strlen(lines));
	assert_memory_equal(ui->wire.lines, lines, ui->wire.n);
	ui->wire.n = 0;
}

static void keys_say_to_the_wire_what_to_do(void **state)
{
	(void)state;
	struct model *model = model_new(true);
	struct ui *ui = ui_new(model);
	press(ui, 'H');
	expect_lines(ui, ""); /* there is no wire */
	assert_non_null(strstr(ui->message, "no wire here"));
	ui->wire.there = true;
	press(ui, 'H');
	expect_lines(ui, "hold\n");
	press(ui, '.');
	expect_lines(ui, "");
	assert_non_null(strstr(ui->message, "somebody must send one first"));
	tell(model, WIRE_HELD, 4, CLIENT, "SYN");
	tell(model, WIRE_HELD, 5, SERVER, "data 14 bytes");
	press(ui, '.');
	press(ui, ',');
	press(ui, 'D');
	press(ui, 'U');
	press(ui, 'C');
	expect_lines(ui, "release 4\ndrop 5\nduplicate 5\ncorrupt 5\n");
	press(ui, 'H');
	expect_lines(ui, "flow\n");
	model_end(model);
	press(ui, 'D');
	expect_lines(ui, "");
	ui_release(ui);
	free(ui);
	model_free(model);
}

static bool is_on_screen(struct ui *ui, int width, int height, const char *words)
{
	struct canvas canvas;
	struct err err;
	bool found = false;
	assert_int_equal(canvas_init(&canvas, width, height, true, &err), 0);
	ui_draw(ui, &canvas);
	for (int y = 0; y < height; y++) {
		TEXT(row, 4096);
		canvas_dump_row(&canvas, y, &row);
		found = found || strstr(row.bytes, words);
	}
	canvas_release(&canvas);
	return found;
}

static void they_are_drawn_part_way(void **state)
{
	(void)state;
	struct model *model = model_new(true);
	struct ui *ui = ui_new(model);
	feed_hello(model);
	ui->wire.there = ui->wire.hold = true;
	tell(model, WIRE_HELD, 4, CLIENT, "SYN");
	tell(model, WIRE_SENT, 5, SERVER, "data \x1b[2J");
	assert_true(is_on_screen(ui, 80, 24, "|--> SYN, waits"));
	assert_true(is_on_screen(ui, 80, 24, "2 frames on the wire, 1 waits"));
	assert_true(is_on_screen(ui, 80, 24, "data \\x1b[2J--|"));
	assert_true(is_on_screen(ui, 80, 24, "HOLD: 1 on the wire"));
	assert_true(is_on_screen(ui, 50, 24, "> ~ > SYN, waits"));
	for (int size = 1; size < 40; size++)
		(void)is_on_screen(ui, 2 * size, size, "");
	model_step(model, -1); /* the past: they are not there yet */
	assert_false(is_on_screen(ui, 80, 24, "SYN, waits"));
	ui_release(ui);
	free(ui);
	model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(frames_are_there_until_their_fate_is_known),
	        cmocka_unit_test(a_frame_s_own_event_takes_it_out_too),
	        cmocka_unit_test(more_than_there_is_room_for_are_passed_over),
	        cmocka_unit_test(choosing_goes_round),
	        cmocka_unit_test(keys_say_to_the_wire_what_to_do),
	        cmocka_unit_test(they_are_drawn_part_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
