/* rotate.c: see rotate.h. The rules are those of tcpdump 4.99: time goes before size; the file is
 * changed before the frame that comes too late or finds the file too long; -W counts files of -C
 * round and round, ends a trace with -G, and with both only widens the numbers. */
#include "capture/rotate.h"

#include <limits.h>
#include <time.h>

void rotate_start(struct rotate *r, int64_t time_ns)
{
	r->started = true;
	r->since_s = time_ns / NS_PER_SECOND;
}

void rotate_number(struct rotate *r)
{
	r->number++;
	if (r->config.files > 0 && r->number >= r->config.files)
		r->number = 0;
}

enum rotate_step rotate_step(struct rotate *r, int64_t time_ns, uint64_t file_bytes)
{
	const struct rotate_config *c = &r->config;
	int64_t now_s = time_ns / NS_PER_SECOND;

	if (!r->started)
		rotate_start(r, time_ns);
	if (c->seconds > 0 && now_s - r->since_s >= c->seconds) {
		r->since_s = now_s;
		r->number = 0;
		r->n_times++;
		bool last = c->bytes == 0 && c->files > 0 && r->n_times >= c->files;
		return last ? ROTATE_END : ROTATE_NEXT;
	}
	if (c->bytes > 0 && file_bytes > c->bytes) {
		rotate_number(r);
		return ROTATE_NEXT;
	}
	return ROTATE_STAY;
}

/* Digits that the largest number takes. */
static int digits_of(uint32_t files)
{
	int digits = 0;

	for (uint32_t largest = files - 1; files > 0 && largest > 0; largest /= 10)
		digits++;
	return digits;
}

/* The pattern is the user's own word: that is what -G is for. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static bool add_pattern(const char *pattern, int64_t since_s, struct text *name)
{
	char done[PATH_MAX];
	time_t since = (time_t)since_s;
	struct tm local;

	if (!localtime_r(&since, &local) || strftime(done, sizeof done, pattern, &local) == 0)
		return false;
	text_add(name, done);
	return true;
}
#pragma GCC diagnostic pop

bool rotate_name(const struct rotate_config *c, int64_t since_s, uint32_t number, struct text *name)
{
	int digits = digits_of(c->files);

	if (c->seconds == 0)
		text_add(name, c->name);
	else if (!add_pattern(c->name, since_s, name))
		return false;
	if (c->numbered && (number > 0 || digits > 0))
		text_add_uint_pad(name, number, digits);
	return !name->cut;
}
