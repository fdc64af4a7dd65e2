/* message.c: what an application says, as far as that is the same for all protocols. The rules of
 * each protocol have a file of their own, and their words here: any {field.name} is a word there.
 */
#include <stdlib.h>
#include <string.h>

#include "explain/rule.h"

static const struct message *message_of(const struct scene *c)
{
	return &c->event->message;
}

bool message_is(const struct scene *c, const char *protocol, const char *kind)
{
	return strcmp(message_of(c)->protocol, protocol) == 0 &&
	       (!kind || strcmp(message_of(c)->kind, kind) == 0);
}

const char *message_text(const struct scene *c, const char *field)
{
	const char *value = message_field(message_of(c), field);
	return value ? value : "";
}

bool message_has(const struct scene *c, const char *field)
{
	return message_field(message_of(c), field) != NULL;
}

bool message_says(const struct scene *c, const char *field, const char *value)
{
	const char *found = message_field(message_of(c), field);
	return found && strcmp(found, value) == 0;
}

int message_number(const struct scene *c, const char *field)
{
	const char *value = message_field(message_of(c), field);
	char *end;
	long number = value ? strtol(value, &end, 10) : -1;
	return number >= 0 && number <= 0xFFFFFF && *end == '\0' ? (int)number : -1;
}

/* ---- words ---- */

static void add_safe(struct text *t, const char *value)
{
	text_add_terminal(t, value, strlen(value));
}

static void add_value(struct text *t, const struct scene *c, const char *field)
{
	const char *value = message_field(message_of(c), field);
	add_safe(t, value ? value : "?");
}

static void add_alert(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.alert_message.desc");
}
/* After an answer of HTTP: RFC 9112 section 9.3. */
static void add_after_answer(struct text *t, const struct scene *c)
{
	const char *wish = message_field(message_of(c), "http.connection");
	const char *version = message_field(message_of(c), "http.response.version");
	bool is_old = version && strcmp(version, "HTTP/1.0") == 0;
	if (wish ? strcasestr(wish, "close") != NULL : is_old)
		say(t, &message_words,
		    N_("Nothing more on this connection: the {me} closes it behind this answer."),
		    c);
	else
		say(t, &message_words,
		    N_("The {peer} may ask again on the same connection, if both want to keep it; "
		       "else one of the two closes it."),
		    c);
}
static void add_answer(struct text *t, const struct scene *c)
{
	enum { SHOWN = 3 };
	const char *name, *value;
	unsigned n = 0;
	for (size_t at = 0; n <= SHOWN && message_next(message_of(c), &at, &name, &value);) {
		if (strcmp(name, "dns.answer") != 0)
			continue;
		text_add(t, n > 0 ? "; " : "");
		add_safe(t, n < SHOWN ? value : "...");
		n++;
	}
}
static void add_app_data(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.app_data");
}
static void add_body(struct text *t, const struct scene *c)
{
	int n = message_number(c, "http.body_length");
	add_bytes(t, c, n > 0 ? (uint64_t)n : 0);
}
static void add_code(struct text *t, const struct scene *c)
{
	add_value(t, c, "http.response.code");
}
static void add_host(struct text *t, const struct scene *c)
{
	add_value(t, c, "http.host");
}
static void add_kind(struct text *t, const struct scene *c)
{
	add_safe(t, message_of(c)->kind);
}
static void add_location(struct text *t, const struct scene *c)
{
	add_value(t, c, "http.location");
}
static void add_me(struct text *t, const struct scene *c)
{
	add_role(t, c, message_of(c)->from);
}
static void add_method(struct text *t, const struct scene *c)
{
	add_value(t, c, "http.request.method");
}
static void add_name(struct text *t, const struct scene *c)
{
	add_value(t, c, "dns.qry.name");
}
static void add_peer(struct text *t, const struct scene *c)
{
	add_role(t, c, side_other(message_of(c)->from));
}
static void add_plain_length(struct text *t, const struct scene *c)
{
	int n = message_number(c, "tls.plaintext.length");
	add_bytes(t, c, n > 0 ? (uint64_t)n : 0);
}
static void add_plaintext(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.plaintext");
}
static void add_protocol(struct text *t, const struct scene *c)
{
	add_safe(t, message_of(c)->protocol);
}
static void add_rcode(struct text *t, const struct scene *c)
{
	add_value(t, c, "dns.flags.rcode");
}
static void add_retry_group(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.handshake.extensions_key_share_selected_group");
}
static void add_sealed_length(struct text *t, const struct scene *c)
{
	int n = message_number(c, "tls.record.length");
	add_bytes(t, c, n > 0 ? (uint64_t)n : 0);
}
static void add_server_name(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.handshake.extensions_server_name");
}
static void add_setup_frame(struct text *t, const struct scene *c)
{
	add_value(t, c, "ftp-data.setup-frame");
}
static void add_suite(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.handshake.ciphersuite");
}
static void add_summary(struct text *t, const struct scene *c)
{
	add_safe(t, message_of(c)->summary);
}
static void add_tls_version(struct text *t, const struct scene *c)
{
	add_value(t, c, "tls.handshake.version");
}
static void add_type(struct text *t, const struct scene *c)
{
	add_value(t, c, "dns.qry.type");
}
static void add_upgrade(struct text *t, const struct scene *c)
{
	add_value(t, c, "http.upgrade");
}
static void add_uri(struct text *t, const struct scene *c)
{
	add_value(t, c, "http.request.uri");
}

/* "frame 4", "frames 4, 6 and 9": the first eight. */
static void add_frames(struct text *t, const struct scene *c)
{
	enum { LISTED = 8 };
	const struct message *m = message_of(c);
	unsigned n = m->n_frames_named < LISTED ? m->n_frames_named : LISTED;
	for (unsigned i = 0; i < n; i++) {
		text_add(t, i > 0 ? ", " : "");
		text_add_uint(t, m->frames[i]);
	}
	if (m->n_frames > n)
		text_add(t, " ...");
}
static void add_latency(struct text *t, const struct scene *c)
{
	text_add_span(t, message_of(c)->latency_ns);
}
static void add_length(struct text *t, const struct scene *c)
{
	add_bytes(t, c, message_of(c)->length);
}
static void add_request_frame(struct text *t, const struct scene *c)
{
	text_add_uint(t, message_of(c)->request_frame);
}
static void add_trouble(struct text *t, const struct scene *c)
{
	add_safe(t, tr(c, message_of(c)->trouble));
}

static const struct word words[] = {
        {"after_answer", add_after_answer},
        {"alert", add_alert},
        {"answer", add_answer},
        {"app_data", add_app_data},
        {"body", add_body},
        {"code", add_code},
        {"frames", add_frames},
        {"host", add_host},
        {"kind", add_kind},
        {"latency", add_latency},
        {"length", add_length},
        {"location", add_location},
        {"me", add_me},
        {"method", add_method},
        {"name", add_name},
        {"peer", add_peer},
        {"plain_length", add_plain_length},
        {"plaintext", add_plaintext},
        {"protocol", add_protocol},
        {"rcode", add_rcode},
        {"request_frame", add_request_frame},
        {"retry_group", add_retry_group},
        {"sealed_length", add_sealed_length},
        {"server_name", add_server_name},
        {"setup_frame", add_setup_frame},
        {"suite", add_suite},
        {"summary", add_summary},
        {"tls_version", add_tls_version},
        {"trouble", add_trouble},
        {"type", add_type},
        {"upgrade", add_upgrade},
        {"uri", add_uri},
};

const struct vocabulary message_words = {words, sizeof words / sizeof words[0]};

/* ---- sentences ---- */

static bool always(const struct scene *c)
{
	(void)c; /* the last rule of a list */
	return true;
}

static bool is_kind(const struct scene *c, const char *kind)
{
	return strcmp(message_of(c)->kind, kind) == 0;
}
static bool unreadable(const struct scene *c)
{
	return is_kind(c, "unreadable");
}
static bool unfinished(const struct scene *c)
{
	return is_kind(c, "unfinished");
}
static bool gap(const struct scene *c)
{
	return is_kind(c, "gap");
}

const struct rule message_rules[] = {
        {unreadable, N_("{protocol}: bytes from the {me} that are no message"),
         N_("Where a message of {protocol} should begin, the {me} sends something else. A length "
            "that lies, garbage, or another protocol: what follows is looked at again from the "
            "next segment on that begins like a message."),
         N_("The {peer} cannot know where the next message begins: it should report an error and "
            "close."),
         NULL},
        {unfinished, N_("{protocol}: the {me} stops in the middle of a message"),
         N_("The connection ended before the rest of this message came."), NULL, NULL},
        {gap, N_("{protocol}: a part of what the {me} says is missing in the capture"),
         N_("Segments were not captured (the receiver has them): the message here and perhaps "
            "others are lost to us."),
         NULL, NULL},
        {always, N_("{protocol}, {kind} from the {me}"), N_("The {me} says: {summary}."), NULL,
         NULL},
        {0},
};

static void add_sentence(struct text *t, const struct scene *c, const char *sentence)
{
	if (t->len > 0)
		text_add_char(t, ' ');
	say(t, &message_words, sentence, c);
}

void finish_message(struct explanation *explanation, struct scene *c)
{
	const struct message *m = message_of(c);
	struct text *t = &explanation->why;
	if (m->n_frames == 1)
		add_sentence(t, c, N_("{length}, carried by frame {frames}."));
	else if (m->n_frames > 1)
		add_sentence(
		        t, c,
		        N_("{length}, carried by the frames {frames}: TCP carries bytes, where "
		           "a message begins and ends is the application's affair."));
	if (m->latency_ns >= 0)
		add_sentence(t, c,
		             N_("It comes {latency} after frame {request_frame}, which completed "
		                "what it answers."));
	if (m->decrypted)
		add_sentence(
		        t, c,
		        N_("This is what the endpoints see; the wire carries it encrypted, and "
		           "only the key log makes it readable here."));
	if (m->incomplete)
		add_sentence(t, c, N_("Its end was not seen."));
	if (m->trouble[0])
		add_sentence(t, c, N_("Something is wrong with it: {trouble}."));
}
