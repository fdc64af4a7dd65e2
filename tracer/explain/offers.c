/* offers.c: what a SYN offers, from its options, as a sentence. RFC 9293 section 3.2 lists the
 * first options, RFC 7323, 2018, 7413 and 8684 the others. */
#include "explain/rule.h"

static void offer_mss(struct text *t, const struct scene *scene)
{
	text_add(t, tr(scene, N_("segments with at most")));
	text_add_char(t, ' ');
	add_bytes(t, scene, scene->seg->options.mss);
	text_add(t, " (MSS)");
}

static void offer_scale(struct text *t, const struct scene *scene)
{
	text_add(t, tr(scene, N_("later windows counted in units of")));
	text_add_char(t, ' ');
	add_bytes(t, scene,
	          1U << (scene->seg->options.window_scale > 14 ? 14
	                                                       : scene->seg->options.window_scale));
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("(window scale")));
	text_add_char(t, ' ');
	text_add_uint(t, scene->seg->options.window_scale);
	text_add_char(t, ')');
}

static void offer_sack(struct text *t, const struct scene *scene)
{
	text_add(t, tr(scene, N_("selective acknowledgments (SACK)")));
}

static void offer_timestamps(struct text *t, const struct scene *scene)
{
	text_add(t, tr(scene, N_("timestamps")));
}

static void offer_fast_open(struct text *t, const struct scene *scene)
{
	text_add(t, scene->seg->options.cookie_len
	                    ? tr(scene, N_("a Fast Open cookie"))
	                    : tr(scene, N_("a request for a Fast Open cookie")));
}

static void offer_mptcp(struct text *t, const struct scene *scene)
{
	text_add(t, tr(scene, N_("Multipath TCP")));
}

static const struct offer {
	uint32_t bit;
	void (*add)(struct text *t, const struct scene *scene);
} offers[] = {
        {OPT_MSS, offer_mss},
        {OPT_WINDOW_SCALE, offer_scale},
        {OPT_SACK_PERMITTED, offer_sack},
        {OPT_TIMESTAMPS, offer_timestamps},
        {OPT_FAST_OPEN, offer_fast_open},
        {OPT_MPTCP, offer_mptcp},
};

void add_offers(struct text *t, const struct scene *scene)
{
	const struct tcp_options *o = &scene->seg->options;
	size_t n = 0;
	for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
		if (!(o->present & offers[i].bit))
			continue;
		text_add_char(t, ' ');
		if (n++ == 0) {
			text_add(t, tr(scene, N_("It offers:")));
			text_add_char(t, ' ');
		}
		offers[i].add(t, scene);
		text_add_char(t, ',');
	}
	if (n > 0 && !t->cut)
		t->bytes[t->len - 1] = '.'; /* in place of the last comma */
}
