/* filter_fields.c: fields of messages of applications in a filter: "http.request.method == GET".
 * What there is no table of: any name that begins with a protocol's. Values are text; where both
 * sides are numbers they are compared as such. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_parts.h"

static const char *const prefixes[] = {"http.", "websocket.", "dns.",  "tls.",   "x509",
                                       "smtp.", "ftp.",       "mdns.", "llmnr.", "imf."};

bool filter_find_field(struct filter_test *test, const char *name, size_t n)
{
	bool known = false;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t len = strlen(prefixes[i]);
		known = known || (n > len && strncasecmp(prefixes[i], name, len) == 0);
	}
	if (!known || n >= sizeof test->field)
		return false;
	test->subject = SUBJECT_FIELD;
	memcpy(test->field, name, n);
	test->field[n] = '\0';
	return true;
}

static bool compare(const struct filter_test *test, const char *value)
{
	char *end;
	long long number = strtoll(value, &end, 10);
	const struct filter_value *v = &test->value;
	if (test->op == OP_PRESENT)
		return true;
	if (test->op == OP_CONTAINS || v->quoted || !v->is_number || end == value || *end != '\0')
		return filter_compare_text(value, strlen(value), test->op, v);
	return filter_answer(test->op, (number > v->number) - (number < v->number));
}

bool filter_test_field(const struct filter_test *test, const struct event *event)
{
	const char *name, *value;
	bool any = false, all = true, present = false;
	if (event->kind != EVENT_MESSAGE)
		return false;
	for (size_t at = 0; message_next(&event->message, &at, &name, &value);) {
		if (strcasecmp(name, test->field) != 0)
			continue;
		bool answer = compare(test, value);
		present = true;
		any = any || answer;
		all = all && answer;
	}
	return present && (test->op == OP_UNEQUAL ? all : any);
}
