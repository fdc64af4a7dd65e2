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
	        cmocka_unit_test(a_frame_in_the_middle_belongs_to_it_even_if_it_is_not_named),
	        cmocka_unit_test(a_frame_of_no_message_leads_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
