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

void event_write(struct text *t, const struct event *event, const char *explanation)
{
	const struct schema *schema = event_schema(event->kind);
	const uint8_t *e = (const uint8_t *)event;

	text_add(t, "{\"event\":\"");
	text_add(t, event_kind_name(event->kind));
	text_add_char(t, '"');
	for (size_t i = 0; i < schema->n; i++)
		write_member(t, &schema->members[i], e);
	if (explanation && explanation[0] != '\0')
		json_string(t, "explain", explanation);
	write_member(t, &member_bytes, e);
	json_close(t);
}
