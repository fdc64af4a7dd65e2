/* diagnosis.c: why a segment was sent, as sentences: finds the sentence of each diagnosis (whys.c
 * has them) and puts its numbers and frames into it. Numbers are relative. */
#include "explain/whys.h"

/* ---- words ---- */

static void add_me(struct text *t, const struct scene *c)
{
	add_role(t, c, c->me);
}
static void add_peer(struct text *t, const struct scene *c)
{
	add_role(t, c, c->peer);
}
static void add_n(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->n);
}
static void add_seq(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->seq);
}
static void add_end(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->end);
}
/* "1449 to 2896", or one number. */
static void add_range(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->seq);
	if (c->found->end - c->found->seq <= 1)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(c, N_("to")));
	text_add_char(t, ' ');
	text_add_uint(t, c->found->end - 1);
}
static void add_size(struct text *t, const struct scene *c)
{
	add_bytes(t, c, c->found->size);
}
static void add_limit(struct text *t, const struct scene *c)
{
	add_bytes(t, c, c->found->limit);
}
static void add_limit_number(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->limit);
}
static void add_checksum(struct text *t, const struct scene *c)
{
	text_add(t, "0x");
	text_add_hex(t, c->found->limit, 4);
}
static void add_wait(struct text *t, const struct scene *c)
{
	text_add_span(t, c->found->wait_ns);
}
static void add_limit_time(struct text *t, const struct scene *c)
{
	text_add_span(t, c->found->limit_ns);
}
static void add_frame(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->frame);
}
static void add_since(struct text *t, const struct scene *c)
{
	text_add_uint(t, c->found->since_frame);
}
static void add_state(struct text *t, const struct scene *c)
{
	text_add(t, tcp_state_name(c->mine->state));
}
static void add_queue(struct text *t, const struct scene *c)
{
	if (may_wait_for_accept(c))
		text_add(t, tr(c, N_(" Or no program had accepted the connection yet, and the "
		                     "listening socket was closed.")));
}
static void add_flags(struct text *t, const struct scene *c)
{
	text_add_flags(t, c->seg->flags);
}

static const struct word words[] = {
        {"checksum", add_checksum},
        {"end", add_end},
        {"flags", add_flags},
        {"frame", add_frame},
        {"limit", add_limit},
        {"limit_number", add_limit_number},
        {"limit_time", add_limit_time},
        {"me", add_me},
        {"n", add_n},
        {"peer", add_peer},
        {"queue", add_queue},
        {"range", add_range},
        {"seq", add_seq},
        {"since", add_since},
        {"size", add_size},
        {"state", add_state},
        {"wait", add_wait},
};

static const struct vocabulary diagnosis_words = {words, sizeof words / sizeof words[0]};

/* ---- from the label to the sentence ---- */

const struct diagnosis *find_diagnosis(const struct scene *scene, enum diagnosis_label label)
{
	const struct segment *s = scene->seg;
	for (unsigned i = 0; i < s->n_diagnoses && i < DIAGNOSES_MAX; i++)
		if (s->diagnoses[i].label == label)
			return &s->diagnoses[i];
	return NULL;
}

static void say_why(struct text *t, const struct scene *scene)
{
	for (const struct why *why = whys; why->sentence; why++) {
		if (why->label != scene->found->label)
			continue;
		if (why->applies && !why->applies(scene->found))
			continue;
		say(t, &diagnosis_words, why->sentence, scene);
		return;
	}
}

void add_diagnoses(struct text *t, struct scene *scene)
{
	const struct segment *s = scene->seg;
	for (unsigned i = 0; i < s->n_diagnoses && i < DIAGNOSES_MAX; i++) {
		scene->found = &s->diagnoses[i];
		if (t->len > 0)
			text_add_char(t, ' ');
		say_why(t, scene);
	}
}

void explain_diagnosis(struct text *t, const struct event *event, unsigned i)
{
	struct scene scene;
	if (event->kind != EVENT_SEGMENT || i >= event->segment.n_diagnoses || i >= DIAGNOSES_MAX)
		return;
	scene_set(&scene, event);
	scene.found = &event->segment.diagnoses[i];
	say_why(t, &scene);
}
