/* write.c: an event as one line of JSON, by its table. Written a million times for a million
 * segments: no printf here. */
#include "event/schema.h"

static void write_member(struct text *t, const struct member *m, const uint8_t *e)
{
	if (!member_present(m, e))
		return;
	text_add_bytes(t, m->lead, m->lead_len);
	m->type->write(t, m, e);
}

static void write_diagnoses(struct text *t, const struct member *m, const struct event *event,
                            const struct event_words *words)
{
	if (!member_present(m, (const uint8_t *)event))
		return;
	text_add_bytes(t, m->lead, m->lead_len);
	diagnoses_write(t, &event->segment, words->why);
}

void event_write_words(struct text *t, const struct event *event, const struct event_words *words)
{
	const struct schema *schema = event_schema(event->kind);
	const uint8_t *e = (const uint8_t *)event;

	text_add(t, "{\"event\":\"");
	text_add(t, event_kind_name(event->kind));
	text_add_char(t, '"');
	for (size_t i = 0; i < schema->n; i++) {
		if (schema->members[i].type == &type_diagnoses)
			write_diagnoses(t, &schema->members[i], event, words);
		else
			write_member(t, &schema->members[i], e);
	}
	if (words->explanation && words->explanation[0] != '\0')
		json_string(t, "explain", words->explanation);
	write_member(t, &member_bytes, e);
	json_close(t);
}

void event_write(struct text *t, const struct event *event, const char *explanation)
{
	struct event_words words = {.explanation = explanation};
	event_write_words(t, event, &words);
}
