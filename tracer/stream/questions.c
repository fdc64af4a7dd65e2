/* questions.c: see questions.h. */
#include "stream/questions.h"

static bool is_same(const struct question *a, const struct question *b)
{
	return a->waits && a->id == b->id && endpoint_equal(&a->asker, &b->asker) &&
	       endpoint_equal(&a->asked, &b->asked);
}

void questions_add(struct questions *questions, const struct question *question)
{
	for (unsigned i = 0; i < QUESTIONS_MAX; i++)
		if (is_same(&questions->list[i], question)) {
			questions->list[i] = *question;
			return;
		}
	questions->list[questions->next++ % QUESTIONS_MAX] = *question;
}

const struct question *questions_find(const struct questions *questions,
                                      const struct question *like)
{
	for (unsigned i = 0; i < QUESTIONS_MAX; i++)
		if (is_same(&questions->list[i], like))
			return &questions->list[i];
	return NULL;
}
