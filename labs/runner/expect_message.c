/* expect_message.c: messages of applications in the expectation language: "client http request[2]",
 * what can be counted of them, and what is true of a field. The words of the protocols stand here,
 * so that a slip of the pen is told with the nearest word. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "event/schema.h"
#include "runner/expect_kinds.h"
#include "runner/expect_scan.h"

enum { MAX_KINDS = 40, N_COMMON = 3 };

/* What any protocol may have (tracer/stream/talk.c tells them). */
static const char *const common_kinds[N_COMMON] = {"unreadable", "unfinished", "gap"};

/* The kinds that the decoders in tracer/stream give. */
static const struct protocol_words {
	const char *name;
	const char *kinds[MAX_KINDS - N_COMMON];
} protocols[] = {
        {"http", {"request", "response"}},
        {"websocket", {"text", "binary", "continuation", "close", "ping", "pong"}},
        {"dns", {"query", "response"}},
        {"mdns", {"query", "response"}},
        {"llmnr", {"query", "response"}},
        {"smtp", {"command", "response", "data"}},
        {"ftp", {"command", "response", "data"}},
        {"tls",
         {"hello_request",
          "client_hello",
          "server_hello",
          "new_session_ticket",
          "end_of_early_data",
          "encrypted_extensions",
          "certificate",
          "server_key_exchange",
          "certificate_request",
          "server_hello_done",
          "certificate_verify",
          "client_key_exchange",
          "finished",
          "certificate_url",
          "certificate_status",
          "supplemental_data",
          "key_update",
          "compressed_certificate",
          "next_protocol",
          "hello_retry_request",
          "encrypted_alert",
          "encrypted_change",
          "encrypted_heartbeat",
          "record",
          "encrypted_handshake",
          "handshake",
          "change_cipher_spec",
          "alert",
          "heartbeat",
          "application_data",
          "not_tls"}},
};
enum { N_PROTOCOLS = sizeof protocols / sizeof *protocols };

size_t expect_protocol_words(const char **words)
{
	for (size_t i = 0; i < N_PROTOCOLS; i++)
		words[i] = protocols[i].name;
	return N_PROTOCOLS;
}

bool scan_is_protocol(const struct scan *scan)
{
	char word[SCAN_WORD];
	scan_peek(scan, word);
	for (size_t i = 0; i < N_PROTOCOLS; i++)
		if (strcmp(protocols[i].name, word) == 0)
			return true;
	return false;
}

static void keep_word(char *to, const char *word)
{
	(void)snprintf(to, EXPECT_WORD, "%s", word); /* the words of the tables are short */
}

int scan_message(struct scan *scan, bool kind_may_miss, char *protocol, char *kind)
{
	const char *words[MAX_KINDS];
	char next[SCAN_WORD];
	size_t n = expect_protocol_words(words);
	int i = scan_one_of(scan, _("a protocol"), words, n);
	if (i < 0)
		return -1;
	keep_word(protocol, protocols[i].name);
	kind[0] = '\0';
	scan_peek(scan, next);
	if (kind_may_miss && (next[0] == '\0' || strpbrk(next, "=<>") || strcmp(next, "in") == 0))
		return 0;
	for (n = 0; protocols[i].kinds[n]; n++)
		words[n] = protocols[i].kinds[n];
	for (size_t c = 0; c < N_COMMON; c++)
		words[n++] = common_kinds[c];
	int k = scan_one_of(scan, _("a kind of message"), words, n);
	if (k < 0)
		return -1;
	keep_word(kind, words[k]);
	return 0;
}

bool expect_is_message(const struct event *e, const char *protocol, const char *kind)
{
	return e->kind == EVENT_MESSAGE && strcmp(e->message.protocol, protocol) == 0 &&
	       (kind[0] == '\0' || strcmp(e->message.kind, kind) == 0);
}

/* ---- FIELD of EVENT ---- */

enum { MAX_FIELDS = 400 };

/* All keys that events have. */
static size_t field_names(const char **names)
{
	static const enum event_kind kinds[] = {EVENT_SEGMENT, EVENT_DATAGRAM, EVENT_MESSAGE,
	                                        EVENT_CALL,    EVENT_FRAME,    EVENT_PROGRAM};
	size_t n = 0;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		const struct schema *schema = event_schema(kinds[k]);
		for (size_t i = 0; i < schema->n && n < MAX_FIELDS; i++)
			names[n++] = schema->members[i].key;
	}
	return n;
}

/* Messages have fields that no table lists, "http.request.method"; the others have those of the
 * stream. */
int scan_field_of_event(struct scan *scan, char field[EVENT_NAME_MAX], struct expect_event *event)
{
	const char *names[MAX_FIELDS];
	char word[SCAN_WORD];
	struct scan at_field = *scan;
	scan_peek(scan, word);
	if (scan_word(scan, field, EVENT_NAME_MAX, _("a field of an event")) < 0)
		return -1;
	if (!scan_take(scan, "of"))
		return err_set(scan->err, _("'of EVENT' is expected at '%s'"), scan->at);
	if (scan_event(scan, event) < 0)
		return -1;
	if (event->kind == EXPECT_MESSAGE && strchr(word, '.'))
		return 0;
	size_t n = field_names(names);
	return scan_one_of(&at_field, _("a field of an event"), names, n) < 0 ? -1 : 0;
}

/* Does that line begin so? */
bool scan_is_field_of(const struct scan *scan)
{
	struct scan ahead = *scan;
	char word[SCAN_WORD];
	scan_peek(scan, word);
	return word[0] != '\0' && scan_take(&ahead, word) && scan_take(&ahead, "of");
}

/* Calls `take` with each value of that field in turn, until it returns true. */
static bool each_value(const struct event *e, const char *field,
                       bool (*take)(void *arg, const char *value), void *arg)
{
	const char *name, *value;
	if (e->kind != EVENT_MESSAGE)
		return false;
	for (size_t at = 0; message_next(&e->message, &at, &name, &value);)
		if (strcmp(name, field) == 0 && take(arg, value))
			return true;
	return false;
}

/* A member of the event's line as text: numbers as they are written there. */
static bool take_member(const struct event *e, const char *field,
                        bool (*take)(void *arg, const char *value), void *arg)
{
	char *line = malloc(EVENT_LINE_MAX);
	bool taken = false;
	if (!line)
		return false;
	struct text t = text_of(line, EVENT_LINE_MAX);
	struct json_member m;
	event_write(&t, e, NULL);
	struct json_reader r = json_read(line, t.len - 1); /* without the newline */
	while (!taken && json_next(&r, &m)) {
		char value[EVENT_TEXT_MAX];
		struct text word = text_of(value, sizeof value);
		if (!json_is(&m, field))
			continue;
		if (json_get_string(&m, value, sizeof value) < 0)
			text_add_bytes(&word, m.value, m.value_len);
		taken = take(arg, value);
	}
	free(line);
	return taken;
}

bool expect_each_value(const struct event *e, const char *field,
                       bool (*take)(void *arg, const char *value), void *arg)
{
	return each_value(e, field, take, arg) || take_member(e, field, take, arg);
}

/* ---- FIELD of EVENT = VALUE ---- */

static const char *const hows[] = {"contains", "begins", "ends"};
static const uint8_t how_meanings[] = {BYTES_CONTAIN, BYTES_BEGIN, BYTES_END};
enum { N_HOWS = sizeof hows / sizeof *hows };

/* Behind "=" or "!=" may stand a text. */
static int scan_equal(struct scan *scan, struct expectation *x)
{
	struct scan ahead = *scan;
	bool is_not = scan_take(&ahead, "!=");
	if (!is_not && !scan_take(&ahead, "="))
		return 0;
	if (*ahead.at != '"')
		return 0;
	*scan = ahead;
	x->negative = is_not;
	x->how = BYTES_ARE;
	return scan_text(scan, x->text, &x->text_len) < 0 ? -1 : 1;
}

int scan_field_is(struct scan *scan, struct expectation *x)
{
	x->kind = EXPECT_FIELD;
	x->n_events = 1;
	if (scan_field_of_event(scan, x->field, &x->events[0]) < 0)
		return -1;
	for (size_t i = 0; i < N_HOWS; i++) {
		if (!scan_take(scan, hows[i]))
			continue;
		x->how = how_meanings[i];
		return scan_text(scan, x->text, &x->text_len);
	}
	int text = scan_equal(scan, x);
	if (text != 0)
		return text < 0 ? -1 : 0;
	x->how = BYTES_NUMBER;
	return scan_range(scan, &x->range, scan_number);
}

/* What was found while an expectation is judged. */
struct finding {
	const struct expectation *x;
	bool any;
	char last[MESSAGE_VALUE];
};

static bool has_text(const struct expectation *x, const char *value)
{
	size_t n = strlen(value);
	if (x->how == BYTES_ARE)
		return n == x->text_len && memcmp(value, x->text, n) == 0;
	if (x->how == BYTES_CONTAIN)
		return memmem(value, n, x->text, x->text_len) != NULL;
	if (n < x->text_len)
		return false;
	const char *at = x->how == BYTES_BEGIN ? value : value + n - x->text_len;
	return memcmp(at, x->text, x->text_len) == 0;
}

static bool has_number(const struct expectation *x, const char *value)
{
	char *end;
	long long number = strtoll(value, &end, 10);
	if (end == value || *end != '\0')
		return x->range.is_not; /* it is no number at all */
	return (number >= x->range.least && number <= x->range.most) != x->range.is_not;
}

/* One value that fits is enough; with "!=" one that does not is too much. */
static bool takes_value(void *arg, const char *value)
{
	struct finding *f = arg;
	struct text last = text_of(f->last, sizeof f->last);
	f->any = true;
	text_add(&last, value);
	if (f->x->how == BYTES_NUMBER)
		return has_number(f->x, value);
	return has_text(f->x, value);
}

void expect_judge_field(const struct expectation *x, const struct scope *scope,
                        struct expect_verdict *verdict)
{
	struct finding f = {.x = x};
	verdict->shown_by = scope_find(scope, &x->events[0], 0);
	if (verdict->shown_by == EXPECT_NO_EVENT) {
		expect_observe_missing(&x->events[0], scope, verdict);
		return;
	}
	const struct event *e = &scope->run->events[verdict->shown_by];
	bool fits = expect_each_value(e, x->field, takes_value, &f);
	verdict->holds = fits != x->negative;
	if (verdict->holds)
		return;
	TEXT(safe, 4 * MESSAGE_VALUE);
	text_add_safe(&safe, f.last, strlen(f.last));
	if (f.any)
		expect_observe(verdict, _("%s was \"%s\""), x->field, safe.bytes);
	else
		expect_observe(verdict, _("it has no %s"), x->field);
}
