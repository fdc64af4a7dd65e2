/* value_message.c: the fields of a message as an array of pairs, [["http.host","a"], ...]: in
 * order, and a name may come more than once. */
#include "event/schema.h"

static bool has_fields(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->other_at, m->other_size) != 0;
}

static void write_fields(struct text *t, const struct member *m, const uint8_t *e)
{
	const struct message *message = &((const struct event *)e)->message;
	const char *name, *value;
	(void)m; /* there is one such member */
	text_add_char(t, '[');
	for (size_t at = 0, n = 0; message_next(message, &at, &name, &value); n++) {
		text_add(t, n > 0 ? ",[" : "[");
		json_quote(t, name, strlen(name));
		text_add_char(t, ',');
		json_quote(t, value, strlen(value));
		text_add_char(t, ']');
	}
	text_add_char(t, ']');
}

/* A pair of strings. False: it is none. */
static bool read_pair(const struct json_member *pair, struct message *message)
{
	char words[2][MESSAGE_VALUE];
	struct json_reader r = json_read_array(pair);
	struct json_member value;
	for (int i = 0; i < 2; i++)
		if (!json_next(&r, &value) ||
		    json_get_string(&value, words[i], sizeof words[i]) < 0)
			return false;
	message_add_text(message, words[0], words[1]);
	return !json_next(&r, &value) && !r.failed;
}

static bool read_fields(const struct json_member *value, const struct member *m, uint8_t *e)
{
	struct message message = {0};
	struct json_reader r = json_read_array(value);
	struct json_member pair;
	while (json_next(&r, &pair))
		if (!read_pair(&pair, &message))
			return false;
	memcpy(e + m->at, message.fields, sizeof message.fields);
	return !r.failed && field_store(e, m->other_at, m->other_size, message.fields_len);
}

const struct codec type_fields = {write_fields, read_fields, has_fields, NULL};
