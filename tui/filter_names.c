/* filter_names.c: the names that a filter may use: the keys of the stream by its tables, and a few
 * short forms. */
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "event/schema.h"
#include "filter_parts.h"

static const struct {
	const char *name;
	uint32_t bit;
} flag_names[] = {
        {"syn", TCP_SYN},
        {"fin", TCP_FIN},
        {"rst", TCP_RST},
        {"ack", TCP_ACK},
        {"psh", TCP_PSH},
        {"urg", TCP_URG},
        {"tcp.flags.syn", TCP_SYN},
        {"tcp.flags.fin", TCP_FIN},
        {"tcp.flags.reset", TCP_RST},
        {"tcp.flags.ack", TCP_ACK},
        {"tcp.flags.push", TCP_PSH},
        {"tcp.flags.urg", TCP_URG},
        {"tcp.flags.ece", TCP_ECE},
        {"tcp.flags.cwr", TCP_CWR},
        {"tcp.flags.ae", TCP_AE},
};

/* One name for two members, or for one with a longer name. */
static const struct {
	const char *name, *members[2];
} pairs[] = {
        {"ip.addr", {"ip.src", "ip.dst"}},
        {"ipv6.addr", {"ipv6.src", "ipv6.dst"}},
        {"tcp.port", {"tcp.srcport", "tcp.dstport"}},
        {"udp.port", {"udp.srcport", "udp.dstport"}},
        {"frame.number", {"frame", NULL}},
        {"frame.time", {"time", NULL}},
        {"tcp.analysis.flags", {"tcp.analysis", NULL}},
};

/* One name for a whole comparison; without value: that the member is there. */
static const struct {
	const char *name, *key, *value;
} shorts[] = {
        {"tcp", "event", "segment"},      {"udp", "event", "datagram"},
        {"arp", "protocol", "arp"},       {"icmp", "protocol", "icmp"},
        {"ip", "ip.src", NULL},           {"ipv6", "ipv6.src", NULL},
        {"icmpv6", "protocol", "icmpv6"}, {"http", "protocol", "http"},
        {"dns", "protocol", "dns"},       {"websocket", "protocol", "websocket"},
        {"tls", "protocol", "tls"},       {"smtp", "protocol", "smtp"},
        {"ftp", "protocol", "ftp"},       {"mdns", "protocol", "mdns"},
        {"llmnr", "protocol", "llmnr"},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char label_prefix[] = "tcp.analysis.";

static bool is(const char *name, const char *word, size_t n)
{
	return strlen(name) == n && strncasecmp(name, word, n) == 0;
}

static const struct member *find_member(enum event_kind kind, const char *word, size_t n)
{
	const struct schema *schema = event_schema(kind);
	for (size_t i = 0; i < schema->n; i++)
		if (is(schema->members[i].key, word, n))
			return &schema->members[i];
	return is(member_bytes.key, word, n) ? &member_bytes : NULL;
}

static bool find_members(struct filter_test *test, unsigned which, const char *word, size_t n)
{
	bool found = false;
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		test->members[which][kind] = find_member(kind, word, n);
		found = found || test->members[which][kind];
	}
	return found;
}

static bool find_flag(struct filter_test *test, const char *word, size_t n)
{
	test->subject = SUBJECT_FLAG;
	for (size_t i = 0; i < LENGTH(flag_names); i++) {
		test->bits = flag_names[i].bit;
		if (is(flag_names[i].name, word, n))
			return true;
	}
	return false;
}

/* "retransmission" and Wireshark's "tcp.analysis.retransmission". */
static bool find_label(struct filter_test *test, const char *word, size_t n)
{
	enum { PREFIX = sizeof label_prefix - 1 };
	if (n > PREFIX && strncasecmp(word, label_prefix, PREFIX) == 0) {
		word += PREFIX;
		n -= PREFIX;
	}
	test->subject = SUBJECT_LABEL;
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++) {
		test->bits = UINT32_C(1) << i;
		if (is(analysis_name((enum analysis_index)i), word, n))
			return true;
	}
	return false;
}

static bool find_pair(struct filter_test *test, const char *word, size_t n)
{
	test->subject = SUBJECT_MEMBER;
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		if (!is(pairs[i].name, word, n))
			continue;
		const char *const *members = pairs[i].members;
		(void)find_members(test, 0, members[0], strlen(members[0])); /* of our table */
		if (members[1])
			(void)find_members(test, 1, members[1], strlen(members[1])); /* likewise */
		return true;
	}
	return false;
}

static bool find_key(struct filter_test *test, const char *word, size_t n)
{
	test->subject = SUBJECT_KIND;
	if (is("event", word, n))
		return true;
	test->subject = SUBJECT_MEMBER;
	return find_members(test, 0, word, n);
}

static bool find_short(struct filter_test *test, const char *word, size_t n)
{
	for (size_t i = 0; i < LENGTH(shorts); i++) {
		if (!is(shorts[i].name, word, n))
			continue;
		if (shorts[i].value) {
			test->op = OP_EQUAL;
			(void)filter_read_value(&test->value, shorts[i].value,
			                        strlen(shorts[i].value), true); /* short */
		}
		return find_key(test, shorts[i].key, strlen(shorts[i].key));
	}
	return false;
}

bool filter_find_name(struct filter_test *test, const char *name, size_t n)
{
	*test = (struct filter_test){.op = OP_PRESENT};
	return find_key(test, name, n) || find_flag(test, name, n) || find_label(test, name, n) ||
	       find_pair(test, name, n) || find_short(test, name, n) ||
	       filter_find_field(test, name, n);
}

/* ---- what might have been meant ---- */

enum { N_NEAR = 3, WORD_MAX = 40 };

struct near {
	const char *word; /* what was written */
	size_t n;
	const char *names[N_NEAR]; /* best first */
	const char *prefixes[N_NEAR];
	unsigned scores[N_NEAR];
	unsigned count;
};

unsigned filter_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	unsigned row[WORD_MAX + 1];
	if (n_a > WORD_MAX || n_b > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= n_b; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n_a; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n_b; j++) {
			unsigned change = diagonal + (strncasecmp(a + i - 1, b + j - 1, 1) != 0);
			unsigned other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = change < other ? change : other;
		}
	}
	return row[n_b];
}

static bool is_inside(const char *name, const char *word, size_t n)
{
	for (; strlen(name) >= n; name++)
		if (strncasecmp(name, word, n) == 0)
			return true;
	return false;
}

static void consider(struct near *near, const char *prefix, const char *name)
{
	unsigned score = filter_distance(name, strlen(name), near->word, near->n);
	if (near->n >= 3 && score > 2 && is_inside(name, near->word, near->n))
		score = 2;
	if (score > 2 && score > near->n / 3)
		return;
	for (unsigned i = 0; i < near->count; i++)
		if (strcmp(near->names[i], name) == 0)
			return;
	unsigned at = near->count < N_NEAR ? near->count : N_NEAR;
	while (at > 0 && near->scores[at - 1] > score)
		at--;
	if (at == N_NEAR)
		return;
	if (near->count < N_NEAR)
		near->count++;
	for (unsigned i = near->count - 1; i > at; i--) {
		near->names[i] = near->names[i - 1];
		near->prefixes[i] = near->prefixes[i - 1];
		near->scores[i] = near->scores[i - 1];
	}
	near->names[at] = name;
	near->prefixes[at] = prefix;
	near->scores[at] = score;
}

static void consider_all(struct near *near)
{
	consider(near, "", "event");
	for (enum event_kind kind = EVENT_SEGMENT; kind < N_EVENT_KINDS; kind++)
		for (size_t i = 0; i < event_schema(kind)->n; i++)
			consider(near, "", event_schema(kind)->members[i].key);
	for (size_t i = 0; i < LENGTH(flag_names); i++)
		consider(near, "", flag_names[i].name);
	for (size_t i = 0; i < LENGTH(pairs); i++)
		consider(near, "", pairs[i].name);
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++)
		consider(near, label_prefix, analysis_name((enum analysis_index)i));
}

void filter_add_near(struct text *t, const char *name, size_t n)
{
	enum { PREFIX = sizeof label_prefix - 1 };
	bool has_prefix = n > PREFIX && strncasecmp(name, label_prefix, PREFIX) == 0;
	struct near near = {.word = name, .n = n};
	consider_all(&near);
	if (near.count == 0 && has_prefix) { /* a label, perhaps */
		near.word = name + PREFIX;
		near.n = n - PREFIX;
		consider_all(&near);
	}
	for (unsigned i = 0; i < near.count; i++) {
		text_add(t, i == 0 ? _("; did you mean ") : ", ");
		text_add(t, near.prefixes[i]);
		text_add(t, near.names[i]);
	}
	if (near.count > 0)
		text_add_char(t, '?');
}
