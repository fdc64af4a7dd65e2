/* explain.c: from an event to its explanation. Knows no sentence itself: each kind of event has a
 * topic, a topic has rules, the first rule that applies speaks. */
#include "explain/explain.h"

#include "explain/rule.h"

static const struct rule *const segment_lists[] = {
        reset_rules, handshake_rules, teardown_rules, data_rules, ack_rules, NULL,
};
static const struct rule *const datagram_lists[] = {datagram_rules, NULL};
static const struct rule *const message_lists[] = {http_rules,    dns_rules,  websocket_rules,
                                                   tls_rules,     smtp_rules, ftp_rules,
                                                   message_rules, NULL};
static const struct rule *const frame_lists[] = {frame_rules, NULL};
static const struct rule *const session_lists[] = {session_rules, NULL};
static const struct rule *const capture_lists[] = {capture_rules, NULL};
static const struct rule *const connection_lists[] = {connection_rules, NULL};
static const struct rule *const program_lists[] = {program_rules, NULL};
static const struct rule *const output_lists[] = {output_rules, NULL};
static const struct rule *const call_lists[] = {call_rules, NULL};
static const struct rule *const kernel_lists[] = {kernel_rules, NULL};
static const struct rule *const wire_lists[] = {wire_rules, NULL};
static const struct rule *const note_lists[] = {note_rules, NULL};

static void add_sentence(struct text *t, const char *sentence, const struct scene *scene)
{
	if (!sentence)
		return;
	if (t->len > 0)
		text_add_char(t, ' ');
	say(t, &passage_words, sentence, scene);
}

/* What the emulated wire did to the frame. What should come next depends on that first. */
static void add_passage(struct explanation *explanation, const struct scene *scene)
{
	const struct rule *rule = passage_rules;
	while (rule->applies && !rule->applies(scene))
		rule++;
	if (!rule->applies)
		return;
	if (rule->title) {
		text_add(&explanation->title, ": ");
		say(&explanation->title, &passage_words, rule->title, scene);
	}
	add_sentence(&explanation->what, rule->what, scene);
	if (!rule->next)
		return;
	text_clear(&explanation->next);
	say(&explanation->next, &passage_words, rule->next, scene);
}

/* After the rule's own sentences: whatever came in fragments says so; a segment also says what it
 * changes, and the first one of a connection that was open already says how little is known. */
static void finish_packet(struct explanation *explanation, struct scene *scene)
{
	add_fragments(&explanation->what, scene);
	if (scene->event->passage.id)
		add_passage(explanation, scene);
}

static void finish_segment(struct explanation *explanation, struct scene *scene)
{
	finish_packet(explanation, scene);
	add_cause(&explanation->why, scene);
	add_diagnoses(&explanation->why, scene);
	add_changes(&explanation->change, scene);
	if (!scene->seg->roles_guessed || scene->mine->known || scene->theirs->known)
		return;
	text_add_char(&explanation->what, ' ');
	say(&explanation->what, &segment_words,
	    N_("The capture began after this connection was opened: which end is the client is a "
	       "guess, and numbers count from the first one seen."),
	    scene);
}

static const struct topic topics[N_EVENT_KINDS] = {
        [EVENT_SESSION] = {session_lists, &story_words, NULL},
        [EVENT_CAPTURE] = {capture_lists, &story_words, NULL},
        [EVENT_SEGMENT] = {segment_lists, &segment_words, finish_segment},
        [EVENT_DATAGRAM] = {datagram_lists, &packet_words, finish_packet},
        [EVENT_MESSAGE] = {message_lists, &message_words, finish_message},
        [EVENT_FRAME] = {frame_lists, &packet_words, finish_packet},
        [EVENT_CONNECTION] = {connection_lists, &story_words, NULL},
        [EVENT_PROGRAM] = {program_lists, &story_words, NULL},
        [EVENT_OUTPUT] = {output_lists, &story_words, NULL},
        [EVENT_CALL] = {call_lists, &call_words, NULL},
        [EVENT_KERNEL] = {kernel_lists, &kernel_words, NULL},
        [EVENT_WIRE] = {wire_lists, &passage_words, NULL},
        [EVENT_NOTE] = {note_lists, &story_words, NULL},
};

const struct topic *topic_of(enum event_kind kind)
{
	return &topics[kind];
}

static const struct rule *first_that_applies(const struct topic *topic, const struct scene *scene)
{
	for (const struct rule *const *list = topic->lists; *list; list++)
		for (const struct rule *rule = *list; rule->applies; rule++)
			if (rule->applies(scene))
				return rule;
	return NULL;
}

/* Gives each part its share of the storage, all empty. */
static void explanation_clear(struct explanation *explanation)
{
	char *at = explanation->storage;
	struct share {
		struct text *part;
		size_t size;
	} const shares[] = {
	        {&explanation->title, 192},  {&explanation->what, 960}, {&explanation->why, 1024},
	        {&explanation->change, 640}, {&explanation->next, 640}, {&explanation->rfc, 128},
	};
	for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
		*shares[i].part = text_of(at, shares[i].size);
		at += shares[i].size;
	}
}

void explain_event(struct explanation *explanation, const struct event *event)
{
	explanation_clear(explanation);
	if ((unsigned)event->kind >= N_EVENT_KINDS)
		return;
	struct scene scene;
	scene_set(&scene, event);
	const struct topic *topic = topic_of(event->kind);
	const struct rule *rule = first_that_applies(topic, &scene);
	if (!rule)
		return;
	say(&explanation->title, topic->vocabulary, rule->title, &scene);
	say(&explanation->what, topic->vocabulary, rule->what, &scene);
	if (rule->next)
		say(&explanation->next, topic->vocabulary, rule->next, &scene);
	if (rule->rfc)
		text_add(&explanation->rfc, rule->rfc);
	if (topic->finish)
		topic->finish(explanation, &scene);
}

static void join_part(struct text *t, size_t start, const struct text *part)
{
	if (part->len == 0)
		return;
	if (t->len > start)
		text_add_char(t, ' ');
	text_add_bytes(t, part->bytes, part->len);
}

void explain_add_next(const struct explanation *explanation, struct text *t)
{
	if (explanation->next.len == 0)
		return;
	text_add(t, _("Next:"));
	text_add_char(t, ' ');
	text_add_bytes(t, explanation->next.bytes, explanation->next.len);
}

void explain_join(const struct explanation *explanation, struct text *t)
{
	size_t start = t->len;
	join_part(t, start, &explanation->what);
	join_part(t, start, &explanation->why);
	join_part(t, start, &explanation->change);
	if (explanation->next.len > 0 && t->len > start)
		text_add_char(t, ' ');
	explain_add_next(explanation, t);
	if (explanation->rfc.len == 0)
		return;
	text_add(t, t->len > start ? " [" : "[");
	text_add_bytes(t, explanation->rfc.bytes, explanation->rfc.len);
	text_add_char(t, ']');
}
