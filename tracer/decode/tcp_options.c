/* tcp_options.c: the walk over a TCP header's options (RFC 9293 section 3.2) and one small reader
 * for each kind. A kind is one row of the table below: the lengths that it may have and its reader.
 */
#include "decode/tcp_options.h"

#include <string.h>

enum { KIND_END = 0, KIND_NOP = 1, KIND_EXPERIMENT = 254 };
enum { EXPERIMENT_FAST_OPEN = 0xf989 }; /* RFC 7413 section 4.1.1 */

/* One option's value: the bytes between its length byte and its end. A reader whose reads fail has
 * its bit taken back. */
struct option {
	uint8_t min, max; /* length with kind and length byte, as the wire counts */
	uint8_t step;     /* allowed lengths are min, min + step … max */
	bool whole;       /* says nothing when the capture cut it */
	uint32_t bit;     /* 0: no such kind is known */
	void (*read)(struct tcp_options *options, struct cursor *value);
};

static void read_mss(struct tcp_options *options, struct cursor *value)
{
	options->mss = cursor_u16(value);
}

static void read_window_scale(struct tcp_options *options, struct cursor *value)
{
	options->window_scale = cursor_u8(value);
}

static void read_nothing(struct tcp_options *options, struct cursor *value)
{
	(void)options;
	(void)value; /* that it is there says all, or the value is secret */
}

static void read_sack(struct tcp_options *options, struct cursor *value)
{
	while (cursor_left(value) >= 8 && options->n_sack < TCP_MAX_SACK) {
		options->sack_left[options->n_sack] = cursor_u32(value);
		options->sack_right[options->n_sack] = cursor_u32(value);
		options->n_sack++;
	}
}

static void read_timestamps(struct tcp_options *options, struct cursor *value)
{
	options->timestamp_value = cursor_u32(value);
	options->timestamp_echo = cursor_u32(value);
}

static void read_user_timeout(struct tcp_options *options, struct cursor *value)
{
	uint16_t granularity_and_time = cursor_u16(value);
	options->user_timeout_minutes = granularity_and_time & 0x8000;
	options->user_timeout = granularity_and_time & 0x7fff;
}

static void read_ao(struct tcp_options *options, struct cursor *value)
{
	options->ao_key_id = cursor_u8(value);
	options->ao_next_key_id = cursor_u8(value);
}

static void read_mptcp(struct tcp_options *options, struct cursor *value)
{
	options->mptcp_subtype = cursor_u8(value) >> 4;
}

static void read_fast_open(struct tcp_options *options, struct cursor *value)
{
	size_t len = cursor_left(value);
	const uint8_t *cookie = cursor_take(value, len < TCP_MAX_COOKIE ? len : TCP_MAX_COOKIE);
	options->cookie_len = 0;
	if (len == 0 || !cookie)
		return;
	options->cookie_len = (uint8_t)(len < TCP_MAX_COOKIE ? len : TCP_MAX_COOKIE);
	memcpy(options->cookie, cookie, options->cookie_len);
}

static const struct option known[] = {
        [2] = {4, 4, 1, false, OPT_MSS, read_mss},
        [3] = {3, 3, 1, false, OPT_WINDOW_SCALE, read_window_scale},
        [4] = {2, 2, 1, false, OPT_SACK_PERMITTED, read_nothing},
        [5] = {10, 34, 8, false, OPT_SACK, read_sack},
        [8] = {10, 10, 1, false, OPT_TIMESTAMPS, read_timestamps},
        [19] = {18, 18, 1, false, OPT_MD5, read_nothing},
        [28] = {4, 4, 1, false, OPT_USER_TIMEOUT, read_user_timeout},
        [29] = {4, 40, 1, false, OPT_AO, read_ao},
        [30] = {3, 40, 1, false, OPT_MPTCP, read_mptcp},
        [34] = {2, 18, 2, true, OPT_FAST_OPEN, read_fast_open},
};

/* Kind 254 is shared by experiments, told apart by two bytes of magic (RFC 6994). */
static const struct option fast_open_experiment = {4, 20, 2, true, OPT_FAST_OPEN, read_fast_open};

static void note_other(struct tcp_options *options, uint8_t kind)
{
	options->present |= OPT_OTHER;
	if (options->n_other < TCP_MAX_OTHER)
		options->other_kinds[options->n_other++] = kind;
}

/* The row of this kind, or NULL. Steps over the magic of an experiment that is known. */
static const struct option *find_option(uint8_t kind, struct cursor *value)
{
	if (kind < sizeof known / sizeof known[0])
		return known[kind].bit ? &known[kind] : NULL;
	struct cursor magic = *value;
	if (kind != KIND_EXPERIMENT || cursor_u16(&magic) != EXPERIMENT_FAST_OPEN)
		return NULL;
	*value = magic;
	return &fast_open_experiment;
}

static bool length_allowed(const struct option *option, size_t len)
{
	return len >= option->min && len <= option->max && (len - option->min) % option->step == 0;
}

/* Reads one option of `len` bytes, of which `value` holds what was captured. */
static void read_option(struct tcp_options *options, uint8_t kind, size_t len, struct cursor *value)
{
	bool cut = cursor_left(value) < len - 2;
	const struct option *option = find_option(kind, value);
	if (!option) {
		note_other(options, kind);
		return;
	}
	if (!length_allowed(option, len)) {
		options->present |= OPT_MALFORMED;
		return;
	}
	if (cut && option->whole)
		return;
	uint8_t n_sack = options->n_sack;
	option->read(options, value);
	bool empty = option->bit == OPT_SACK && options->n_sack == n_sack; /* all blocks cut off */
	if (cursor_ok(value) && !empty)
		options->present |= option->bit;
}

/* One option after its kind byte. False when the walk cannot go on. `left` is what the header has
 * after the kind byte, the cursor may have less. */
static bool step(struct tcp_options *options, uint8_t kind, size_t left, struct cursor *c)
{
	bool cut = cursor_left(c) < left;
	uint8_t len = cursor_u8(c);
	if (!cursor_ok(c)) {
		options->present |= cut ? OPT_CUT : OPT_MALFORMED;
		return false;
	}
	if (len < 2 || len - 1u > left) {
		options->present |= OPT_MALFORMED;
		return false;
	}
	struct cursor value = *c;
	cursor_limit(&value, len - 2u);
	read_option(options, kind, len, &value);
	cursor_skip(c, len - 2u);
	if (!cursor_ok(c))
		options->present |= OPT_CUT;
	return cursor_ok(c);
}

void tcp_options_parse(struct tcp_options *options, struct cursor *c, size_t len)
{
	*options = (struct tcp_options){.present = 0};
	size_t end = c->at + len;
	while (c->at < end) {
		if (cursor_left(c) == 0) {
			options->present |= OPT_CUT;
			return;
		}
		uint8_t kind = cursor_u8(c);
		if (kind == KIND_END)
			return;
		if (kind != KIND_NOP && !step(options, kind, end - c->at, c))
			return;
	}
}
