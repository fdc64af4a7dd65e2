/* expected.c: see expected.h. */
#include "stream/expected.h"

static bool waits_at(const struct expected *e, const struct endpoint *to)
{
	return e->protocol && e->stream < 0 && endpoint_equal(&e->to, to);
}

void expected_add(struct expectations *all, const struct expected *expected)
{
	for (unsigned i = 0; i < EXPECTED_MAX; i++)
		if (waits_at(&all->list[i], &expected->to))
			all->list[i].protocol = NULL;
	all->list[all->next++ % EXPECTED_MAX] = *expected;
}

void expected_tell(struct expectations *all, const struct expected *what)
{
	for (unsigned n = 1; n <= EXPECTED_MAX; n++) {
		struct expected *e = &all->list[(all->next + EXPECTED_MAX - n) % EXPECTED_MAX];
		if (!e->protocol || e->by != what->by)
			continue;
		if (e->what[0] != '\0' && e->stream >= 0)
			return; /* it carries something already */
		memcpy(e->what, what->what, sizeof e->what);
		e->frame = what->frame;
		e->time_ns = what->time_ns;
	}
}

const struct expected *expected_take(struct expectations *all, const struct endpoint ends[N_SIDES],
                                     int64_t stream)
{
	for (unsigned i = 0; i < EXPECTED_MAX; i++) {
		struct expected *e = &all->list[i];
		if (!waits_at(e, &ends[CLIENT]) && !waits_at(e, &ends[SERVER]))
			continue;
		e->stream = stream;
		return e;
	}
	return NULL;
}

const struct expected *expected_of(const struct expectations *all, int64_t stream)
{
	for (unsigned i = 0; i < EXPECTED_MAX; i++)
		if (all->list[i].protocol && all->list[i].stream == stream)
			return &all->list[i];
	return NULL;
}
