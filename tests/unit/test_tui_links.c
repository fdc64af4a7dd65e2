/* From messages to the frames that carried them, and back. */
#include "tui_model.h"

static struct event message_at(int64_t us, enum side from, uint64_t first, uint64_t last)
{
	struct event e = event_at(EVENT_MESSAGE, us);
	e.frame = last;
	message_begin(&e.message, "http", "request");
	e.message.from = from;
	e.message.stream = 0;
	for (uint64_t i = first; i <= last; i++, e.message.n_frames++)
		if (e.message.n_frames_named < MESSAGE_FRAMES)
			e.message.frames[e.message.n_frames_named++] = i;
	return e;
}

/* A greeting in frame 4, which is a message; then one of 20 frames. */
static struct model *model_with_messages(void)
{
	struct model *model = model_new(false);
	feed_hello(model);
	feed(model, message_at(1100, CLIENT, 4, 4));
	for (uint64_t i = 6; i < 26; i++) {
		struct event e = segment_at(2000, SERVER, TCP_ACK, 1, 14, 10, 64240);
		e.frame = i;
		feed(model, e);
	}
	feed(model, message_at(3000, SERVER, 6, 25));
	return model;
}

static uint32_t frame_of(const struct model *model)
{
	return log_record(&model->log, model_current(model))->frame;
}

static uint8_t kind_of(const struct model *model)
{
	return log_record(&model->log, model_current(model))->kind;
}

static void a_message_leads_to_its_first_frame_and_back(void **state)
{
	(void)state; /* none of these tests needs one */
	struct model *model = model_with_messages();
	model_last(model);
	assert_int_equal(kind_of(model), EVENT_MESSAGE);
	assert_true(model_follow_link(model));
	assert_int_equal(kind_of(model), EVENT_SEGMENT);
	assert_int_equal(frame_of(model), 6);
	assert_true(model_follow_link(model));
	assert_int_equal(kind_of(model), EVENT_MESSAGE);
	assert_int_equal(frame_of(model), 25);
	model_free(model);
}

static void show_messages(struct model *model, bool shown)
{
	model_set_messages(model, !shown);
	while (model_work(model, 1000))
		continue;
}

static void without_messages_the_last_of_its_frames_stands_for_one(void **state)
{
	(void)state;
	struct model *model = model_with_messages();
	struct event next = segment_at(4000, CLIENT, TCP_ACK, 14, 21, 0, 64240);
	next.frame = 26;
	feed(model, next);
	feed(model, event_at(EVENT_NOTE, 4001));
	model_last(model);
	model_move(model, -2);
	assert_int_equal(kind_of(model), EVENT_MESSAGE);
	show_messages(model, false);
	assert_int_equal(kind_of(model), EVENT_SEGMENT);
	assert_int_equal(frame_of(model), 25);
	show_messages(model, true);
	assert_int_equal(kind_of(model), EVENT_MESSAGE);
	assert_int_equal(frame_of(model), 25);
	model_free(model);
}

static void whoever_moves_on_without_messages_stays_there(void **state)
{
	(void)state;
	struct model *model = model_with_messages();
	model_last(model);
	show_messages(model, false);
	model_move(model, -1);
	show_messages(model, true);
	assert_int_equal(kind_of(model), EVENT_SEGMENT);
	assert_int_equal(frame_of(model), 24);
	model_free(model);
}

static bool is_frame_2(void *arg, const struct event *event)
{
	(void)arg;
	return event->frame == 2;
}

static void a_message_whose_frames_are_no_rows_leaves_the_selection_to_a_neighbour(void **state)
{
	(void)state;
	struct model *model = model_with_messages();
	model_last(model);
	model_set_filter(model, (struct event_filter){is_frame_2, NULL}, "frame == 2");
	while (model_work(model, 1000))
		continue;
	assert_int_equal(frame_of(model), 2);
	model_set_filter(model, (struct event_filter){NULL, NULL}, "");
	assert_int_equal(frame_of(model), 2);
	model_free(model);
}

static void messages_change_sides_with_their_connection(void **state)
{
	(void)state;
	struct model *model = model_new(false);
	struct event hello = story_hello(1000), event;
	hello.segment.roles_guessed = true;
	hello.frame = 1;
	feed(model, hello);
	feed(model, message_at(1100, CLIENT, 1, 1));
	assert_true(model_swap_roles(model));
	feed(model, message_at(1200, CLIENT, 1, 1)); /* one that arrives later, too */
	for (uint32_t i = 1; i < 3; i++) {
		assert_true(model_event(model, i, &event));
		assert_int_equal(event.message.from, SERVER);
		assert_int_equal(log_record(&model->log, i)->side, SERVER);
	}
	assert_true(model_goto_frame(model, 1));
	assert_true(model_follow_link(model)); /* the frame changed sides, too */
	assert_int_equal(kind_of(model), EVENT_MESSAGE);
	model_free(model);
}

static void a_frame_in_the_middle_belongs_to_it_even_if_it_is_not_named(void **state)
{
	(void)state;
	struct model *model = model_with_messages();
	assert_true(model_goto_frame(model, 24));
	assert_true(model_follow_link(model));
	assert_int_equal(frame_of(model), 25);
	assert_int_equal(kind_of(model), EVENT_MESSAGE);
	model_free(model);
}

static void a_frame_of_no_message_leads_nowhere(void **state)
{
	(void)state;
	struct model *model = model_with_messages();
	assert_true(model_goto_frame(model, 2));
	assert_false(model_follow_link(model));
	assert_int_equal(frame_of(model), 2);
	model_set_messages(model, true); /* messages are no rows */
	while (model_work(model, 1000))
		continue;
	assert_true(model_goto_frame(model, 4));
	assert_false(model_follow_link(model));
	model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_message_leads_to_its_first_frame_and_back),
	        cmocka_unit_test(without_messages_the_last_of_its_frames_stands_for_one),
	        cmocka_unit_test(whoever_moves_on_without_messages_stays_there),
	        cmocka_unit_test(
	                a_message_whose_frames_are_no_rows_leaves_the_selection_to_a_neighbour),
	        cmocka_unit_test(messages_change_sides_with_their_connection),
	        cmocka_unit_test(a_frame_in_the_middle_belongs_to_it_even_if_it_is_not_named),
	        cmocka_unit_test(a_frame_of_no_message_leads_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
