/* tui_model.h: a model fed with events made by hand, for the tests of the TUI. */
#ifndef WIRELAB_TESTS_TUI_MODEL_H
#define WIRELAB_TESTS_TUI_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "story.h"
#include "tui/model.h"

static inline void feed(struct model *model, struct event event)
{
	static char storage[EVENT_LINE_MAX + 1];
	struct text line = text_of(storage, sizeof storage);
	struct err err;
	event.number = model->log.n + 1;
	event_write(&line, &event, NULL);
	assert_int_equal(model_line(model, line.bytes, line.len - 1, &err), 0);
}

static inline struct model *model_new(bool live)
{
	struct model *model = calloc(1, sizeof *model);
	struct err err;
	assert_non_null(model);
	assert_int_equal(model_init(model, live, &err), 0);
	return model;
}

static inline void model_free(struct model *model)
{
	model_release(model);
	free(model);
}

/* A handshake, a greeting, its acknowledgment: five frames, numbered from 1. */
static inline void feed_hello(struct model *model)
{
	struct event events[] = {story_syn(0), story_syn_ack(17), story_third_ack(36),
	                         story_hello(1000), story_hello_ack(1030)};
	for (uint64_t i = 0; i < 5; i++) {
		events[i].frame = i + 1;
		feed(model, events[i]);
	}
}

#endif
