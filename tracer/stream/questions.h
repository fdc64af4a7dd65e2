/* questions.h: questions that wait for their answer, found by a number that both carry. Bounded:
 * the oldest makes room. */
#ifndef WIRELAB_STREAM_QUESTIONS_H
#define WIRELAB_STREAM_QUESTIONS_H

#include "base/vocab.h"

enum { QUESTIONS_MAX = 128 };

struct question {
	bool waits;
	uint32_t id;
	struct endpoint asker, asked;
	int64_t time_ns;
	uint64_t frame;
};

struct questions {
	struct question list[QUESTIONS_MAX];
	unsigned next; /* the place for the next one */
};

/* Notes a question. One that is sent again counts from its latest time. */
void questions_add(struct questions *questions, const struct question *question);

/* The question that waits for an answer with that number from `asked` to `asker`, or NULL; it goes
 * on waiting, for a second answer. Valid until the next call. */
const struct question *questions_find(const struct questions *questions,
                                      const struct question *like);

#endif
