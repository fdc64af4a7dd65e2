/* http_head.c: start line and headers of HTTP/1.x: RFC 9112 sections 3 to 5, RFC 9110. Knows no
 * connection. */
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "stream/http.h"
#include "stream/websocket.h"

/* ---- the start line ---- */

static bool is_version(struct line word)
{
	return word.len == 8 && memcmp(word.bytes, "HTTP/1.", 7) == 0 && word.bytes[7] >= '0' &&
	       word.bytes[7] <= '9';
}

/* RFC 9110 section 5.6.2. */
static bool is_token(struct line word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.bytes[i];
		bool letter =
		        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!letter && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return word.len > 0;
}

struct request_line {
	struct line method, target, version;
};

/* The target may hold spaces that a careless client did not escape. */
static bool split_request(struct line line, struct request_line *r)
{
	enum { VERSION = 8 };
	r->method = line_word(&line);
	line = line_trim(line);
	if (!is_token(r->method) || line.len < VERSION + 2)
		return false;
	r->version = (struct line){line.bytes + line.len - VERSION, VERSION};
	r->target = line_trim((struct line){line.bytes, line.len - VERSION});
	return is_version(r->version) && r->target.len > 0 &&
	       line.bytes[line.len - VERSION - 1] == ' ';
}

static bool split_status(struct line line, struct line *version, unsigned *status,
                         struct line *phrase)
{
	uint64_t number;
	*version = line_word(&line);
	struct line code = line_word(&line);
	*phrase = line;
	if (!is_version(*version) || code.len != 3 || !line_number(code, &number) || number < 100)
		return false;
	*status = (unsigned)number;
	return true;
}

static void add_line(struct message *m, const char *name, struct line value)
{
	message_add(m, name, value.bytes, value.len);
}

static bool read_request(struct line line, struct message *m, struct http_head *head)
{
	struct request_line r;
	if (!split_request(line, &r))
		return false;
	message_begin(m, "http", "request");
	message_say(m, line.bytes, line.len);
	add_line(m, "http.request.method", r.method);
	add_line(m, "http.request.uri", r.target);
	add_line(m, "http.request.version", r.version);
	head->is_head = line_is(r.method, "HEAD");
	head->is_connect = line_is(r.method, "CONNECT");
	return true;
}

static bool read_status(struct line line, struct message *m, struct http_head *head)
{
	struct line version, phrase;
	if (!split_status(line, &version, &head->status, &phrase))
		return false;
	message_begin(m, "http", "response");
	message_say(m, line.bytes, line.len);
	add_line(m, "http.response.version", version);
	message_add_uint(m, "http.response.code", head->status);
	if (phrase.len > 0)
		add_line(m, "http.response.phrase", phrase);
	head->is_response = true;
	return true;
}

static const char *const methods[] = {
        "GET ",   "HEAD ",     "POST ", "PUT ",    "DELETE ", "CONNECT ",   "OPTIONS ", "TRACE ",
        "PATCH ", "PROPFIND ", "LOCK ", "UNLOCK ", "MKCOL ",  "SUBSCRIBE ", "NOTIFY ",  "REPORT ",
};

static bool begins_alike(const char *a, const uint8_t *bytes, size_t n)
{
	size_t len = strlen(a);
	return memcmp(a, bytes, n < len ? n : len) == 0;
}

/* A method that is none of these, and perhaps the target behind it, as far as they are there. */
static bool may_be_method(const uint8_t *bytes, size_t n)
{
	enum { LONGEST = 24 };
	size_t i = 0;
	while (i < n && i < LONGEST && ((bytes[i] >= 'A' && bytes[i] <= 'Z') || bytes[i] == '-'))
		i++;
	return i > 0 && (i == n || bytes[i] == ' ');
}

bool http_is_common(const struct cursor *in)
{
	struct cursor look = *in;
	http_pass_empty_lines(&look);
	size_t n = cursor_left(&look);
	const uint8_t *bytes = cursor_take(&look, n);
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (n >= strlen(methods[i]) && begins_alike(methods[i], bytes, n))
			return true;
	return n > 0 && begins_alike("HTTP/1.", bytes, n);
}

void http_pass_empty_lines(struct cursor *in)
{
	for (struct cursor look = *in; cursor_left(&look) > 0; *in = look) {
		uint8_t c = cursor_u8(&look);
		if (c != '\r' && c != '\n')
			return;
	}
}

enum recognised http_recognise_line(struct cursor in)
{
	struct line line, version, phrase;
	struct request_line r;
	unsigned status;
	http_pass_empty_lines(&in);
	if (line_take(&in, &line))
		return split_request(line, &r) || split_status(line, &version, &status, &phrase)
		               ? RECOGNISED_YES
		               : RECOGNISED_NO;
	size_t n = cursor_left(&in);
	const uint8_t *bytes = cursor_take(&in, n);
	if (n == 0 || begins_alike("HTTP/1.", bytes, n))
		return RECOGNISED_MAYBE;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (begins_alike(methods[i], bytes, n))
			return n > 2 * strlen(methods[i]) ? RECOGNISED_YES : RECOGNISED_MAYBE;
	return may_be_method(bytes, n) ? RECOGNISED_MAYBE : RECOGNISED_NO;
}

/* ---- header lines ---- */

/* Headers with a name in Wireshark's filters; the others appear as whole lines. */
static const struct known {
	const char *header, *field;
} known[] = {
        {"Host", "http.host"},
        {"User-Agent", "http.user_agent"},
        {"Server", "http.server"},
        {"Content-Type", "http.content_type"},
        {"Content-Length", "http.content_length_header"},
        {"Content-Encoding", "http.content_encoding"},
        {"Transfer-Encoding", "http.transfer_encoding"},
        {"Connection", "http.connection"},
        {"Upgrade", "http.upgrade"},
        {"Date", "http.date"},
        {"Location", "http.location"},
        {"Accept", "http.accept"},
        {"Accept-Encoding", "http.accept_encoding"},
        {"Accept-Language", "http.accept_language"},
        {"Cookie", "http.cookie"},
        {"Set-Cookie", "http.set_cookie"},
        {"Referer", "http.referer"},
        {"Authorization", "http.authorization"},
        {"WWW-Authenticate", "http.www_authenticate"},
        {"Last-Modified", "http.last_modified"},
        {"Cache-Control", "http.cache_control"},
        {"Sec-WebSocket-Key", "http.sec_websocket_key"},
        {"Sec-WebSocket-Accept", "http.sec_websocket_accept"},
        {"Sec-WebSocket-Extensions", "http.sec_websocket_extensions"},
        {"Sec-WebSocket-Protocol", "http.sec_websocket_protocol"},
        {"Sec-WebSocket-Version", "http.sec_websocket_version"},
};

static void keep_token(char *to, size_t size, struct line value)
{
	struct text t = text_of(to, size);
	text_add_bytes(&t, value.bytes, value.len);
}

/* One length, or the same one several times (RFC 9110 section 8.6). */
static void on_length(struct http_head *head, struct line value)
{
	while (value.len > 0) {
		struct line rest = value, one = value;
		const char *comma = memchr(value.bytes, ',', value.len);
		one.len = comma ? (size_t)(comma - value.bytes) : value.len;
		size_t gone = comma ? one.len + 1 : one.len;
		uint64_t length;
		bool good = line_number(line_trim(one), &length);
		if (!good || (head->has_length && head->length != length))
			head->bad_length = true;
		else
			head->length = length;
		head->has_length = true;
		value = (struct line){rest.bytes + gone, rest.len - gone};
	}
}

static void on_coding(struct http_head *head, struct line value)
{
	size_t last = value.len;
	while (last > 0 && value.bytes[last - 1] != ',')
		last--;
	struct line coding = {value.bytes + last, value.len - last};
	head->has_coding = true;
	head->is_chunked = line_is(line_trim(coding), "chunked");
}

static void on_upgrade(struct http_head *head, struct line value)
{
	head->upgrade = true;
	keep_token(head->protocol, sizeof head->protocol, value);
}

static void on_key(struct http_head *head, struct line value)
{
	keep_token(head->key, sizeof head->key, value);
}

/* "name; parameter=value, name ...": RFC 6455 section 9.1. */
static void on_extensions(struct http_head *head, struct line value)
{
	TEXT(list, 512);
	text_add_bytes(&list, value.bytes, value.len);
	head->deflates = strcasestr(list.bytes, WEBSOCKET_DEFLATE) != NULL;
}

static const struct telling {
	const char *header;
	void (*take)(struct http_head *head, struct line value);
} telling[] = {
        {"Content-Length", on_length},    {"Transfer-Encoding", on_coding},
        {"Upgrade", on_upgrade},          {"Sec-WebSocket-Key", on_key},
        {"Sec-WebSocket-Accept", on_key}, {"Sec-WebSocket-Extensions", on_extensions},
};

static void add_header(struct message *m, struct line line, struct line name, struct line value)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (line_is(name, known[i].header)) {
			add_line(m, known[i].field, value);
			return;
		}
	bool is_request = strcmp(m->kind, "request") == 0;
	add_line(m, is_request ? "http.request.line" : "http.response.line", line);
}

/* `head` is NULL for trailers. */
static void read_header(struct line line, struct message *m, struct http_head *head)
{
	const char *colon = memchr(line.bytes, ':', line.len);
	struct line name = {line.bytes, colon ? (size_t)(colon - line.bytes) : 0};
	if (!is_token(name)) {
		message_trouble(m, N_("a header line without a name"));
		return;
	}
	struct line value = line_trim((struct line){colon + 1, line.len - name.len - 1});
	add_header(m, line, name, value);
	for (size_t i = 0; head && i < sizeof telling / sizeof telling[0]; i++)
		if (line_is(name, telling[i].header))
			telling[i].take(head, value);
}

static bool continues(struct cursor in)
{
	uint8_t c = cursor_u8(&in); /* 0 at the end */
	return c == ' ' || c == '\t';
}

/* The lines that continue a header's line are joined with it, a blank between them (RFC 9112
 * section 5.2). */
static struct line unfold(struct cursor *in, struct line line, struct text *room)
{
	struct line more;
	if (!continues(*in))
		return line;
	text_add_bytes(room, line.bytes, line.len);
	while (continues(*in) && line_take(in, &more)) {
		more = line_trim(more);
		text_add_char(room, ' ');
		text_add_bytes(room, more.bytes, more.len);
	}
	return (struct line){room->bytes, room->len};
}

/* All header lines up to the empty one; `head` is NULL for trailers. */
static void read_headers(struct cursor *in, struct message *m, struct http_head *head)
{
	enum { UNFOLDED = 1024 }; /* what is longer is cut */
	struct line line;
	while (line_take(in, &line) && line.len > 0) {
		TEXT(room, UNFOLDED);
		read_header(unfold(in, line, &room), m, head);
	}
}

void http_trailers_read(struct cursor *in, struct message *m)
{
	read_headers(in, m, NULL);
}

bool http_head_read(struct cursor *in, struct message *m, struct http_head *head)
{
	struct line line;
	*head = (struct http_head){0};
	http_pass_empty_lines(in);
	if (!line_take(in, &line) || (!read_request(line, m, head) && !read_status(line, m, head)))
		return false;
	read_headers(in, m, head);
	if (head->has_length && head->has_coding)
		message_trouble(m,
		                N_("both Content-Length and Transfer-Encoding: who reads the one "
		                   "and who the other disagree on its end"));
	if (head->bad_length)
		message_trouble(m, N_("a Content-Length that is no single number"));
	else if (head->has_length)
		message_add_uint(m, "http.content_length", head->length);
	if (head->has_coding && !head->is_chunked && !head->is_response)
		message_trouble(m, N_("a request whose last coding is not chunked: nobody can "
		                      "tell where it ends"));
	return true;
}

size_t http_head_len(const struct cursor *in, size_t *looked)
{
	struct cursor look = *in;
	struct line line;
	cursor_skip(&look, *looked);
	for (; line_take(&look, &line); *looked = look.at - in->at)
		if (line.len == 0)
			return look.at - in->at;
	return 0;
}
