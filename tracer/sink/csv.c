/* csv.c: one line a connection, at its end, for spreadsheets (RFC 4180: a header, CRLF, quotes
 * where needed). The columns are the members of a connection in the event stream, in their order,
 * so that what one has the other has. */
#include <string.h>

#include "base/i18n.h"
#include "event/schema.h"
#include "sink/sinks.h"

enum { LINE_MAX_BYTES = EVENT_LINE_MAX, VALUE_MAX = 4 * EVENT_TEXT_MAX };

/* A spreadsheet takes a text that starts so for a formula; the stream has numbers, which may be
 * negative, and addresses, which never start so. */
static bool looks_like_formula(const char *bytes, size_t n)
{
	return n > 0 && memchr("=+-@\t\r", bytes[0], 6) != NULL;
}

static void add_text(struct text *t, const char *bytes, size_t n)
{
	bool formula = looks_like_formula(bytes, n);
	bool quoted = formula;
	for (size_t i = 0; i < n && !quoted; i++)
		quoted = memchr(",\"\r\n", bytes[i], 4) != NULL;
	if (!quoted) {
		text_add_bytes(t, bytes, n);
		return;
	}
	text_add_char(t, '"');
	if (formula)
		text_add_char(t, '\'');
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '"')
			text_add_char(t, '"');
		text_add_char(t, bytes[i]);
	}
	text_add_char(t, '"');
}

/* A JSON value as it stands in a cell: a string without its quotes and escapes, others as they are.
 */
static void add_value(struct text *t, const struct text *json)
{
	char plain[VALUE_MAX];
	if (json->len < 2 || json->bytes[0] != '"') {
		bool number = json->len == 0 || memchr("[{", json->bytes[0], 2) == NULL;
		if (number)
			text_add_bytes(t, json->bytes, json->len);
		else
			add_text(t, json->bytes, json->len);
		return;
	}
	struct json_member member = {
	        .type = JSON_STRING, .value = json->bytes + 1, .value_len = json->len - 2};
	long n = json_get_string(&member, plain, sizeof plain);
	add_text(t, plain, n > 0 ? (size_t)n : 0);
}

static void csv_start(struct sink *sink)
{
	const struct schema *schema = event_schema(EVENT_CONNECTION);
	struct text *t = out_room(&sink->out, LINE_MAX_BYTES);
	for (size_t i = 0; i < schema->n; i++) {
		text_add(t, i > 0 ? "," : "");
		text_add(t, schema->members[i].key);
	}
	text_add(t, "\r\n");
}

static void csv_event(struct sink *sink, const struct event *event)
{
	const struct schema *schema = event_schema(EVENT_CONNECTION);
	if (event->kind != EVENT_CONNECTION || event->connection.action == CONNECTION_OPENED)
		return;
	struct text *t = out_room(&sink->out, LINE_MAX_BYTES);
	for (size_t i = 0; i < schema->n; i++) {
		const struct member *m = &schema->members[i];
		TEXT(json, VALUE_MAX);
		text_add(t, i > 0 ? "," : "");
		if (member_present(m, (const uint8_t *)event))
			m->type->write(&json, m, (const uint8_t *)event);
		add_value(t, &json);
	}
	text_add(t, "\r\n");
}

const struct sink_type sink_csv = {
        .name = "csv",
        .no_messages = true,
        .help = N_("one line a connection at its end, for spreadsheets"),
        .start = csv_start,
        .sums_up = true,
        .event = csv_event,
};
