/* http.c: see http.h. */
#include "lib/http.h"

#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- words ---- */

bool text_is(struct text text, const char *word)
{
	return text.n == strlen(word) && memcmp(text.at, word, text.n) == 0;
}

bool text_is_like(struct text text, const char *word)
{
	return text.n == strlen(word) && strncasecmp(text.at, word, text.n) == 0;
}

/* RFC 9110 section 5.6.2 */
static bool is_token(struct text text)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < text.n; i++) {
		char c = text.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && !memchr(others, c, sizeof others - 1))
			return false;
	}
	return text.n > 0;
}

/* No control characters but tabs: neither a stray CR nor a '\0' can hide a line. */
static bool is_printable(struct text text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if ((c < ' ' && c != '\t') || c == 127)
			return false;
	}
	return true;
}

static struct text trim(struct text text)
{
	while (text.n > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.n--;
	}
	while (text.n > 0 && (text.at[text.n - 1] == ' ' || text.at[text.n - 1] == '\t'))
		text.n--;
	return text;
}

/* What stands before `end`; *rest is what stands behind it. Without it: all, and nothing. */
static struct text cut(struct text text, char end, struct text *rest)
{
	const char *found = text.n > 0 ? memchr(text.at, end, text.n) : NULL;
	size_t n = found ? (size_t)(found - text.at) : text.n;
	size_t used = found ? n + 1 : n;
	*rest = (struct text){text.at + used, text.n - used};
	return (struct text){text.at, n};
}

/* The next line without its end, CR LF or LF alone. False: it is not whole yet. */
static bool next_line(struct text *rest, struct text *line)
{
	if (rest->n == 0 || !memchr(rest->at, '\n', rest->n))
		return false;
	*line = cut(*rest, '\n', rest);
	if (line->n > 0 && line->at[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* Digits only: no sign, no spaces, no overflow. */
static bool read_number(struct text text, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] < '0' || text.at[i] > '9' || *value > UINT64_MAX / 10 - 10)
			return false;
		*value = *value * 10 + (uint64_t)(text.at[i] - '0');
	}
	return text.n > 0;
}

/* ---- headers ---- */

struct text http_header(const struct http_head *head, const char *name)
{
	for (size_t i = 0; i < head->n_headers; i++)
		if (text_is_like(head->names[i], name))
			return head->values[i];
	return (struct text){NULL, 0};
}

bool http_lists(const struct http_head *head, const char *name, const char *token)
{
	for (size_t i = 0; i < head->n_headers; i++) {
		struct text rest = head->values[i];
		while (text_is_like(head->names[i], name) && rest.n > 0)
			if (text_is_like(trim(cut(rest, ',', &rest)), token))
				return true;
	}
	return false;
}

static size_t count(const struct http_head *head, const char *name)
{
	size_t n = 0;
	for (size_t i = 0; i < head->n_headers; i++)
		n += text_is_like(head->names[i], name);
	return n;
}

/* Up to the empty line. 1: all are read, 0: there is more to come, or -status. */
static int read_headers(struct http_head *head, struct text *rest)
{
	struct text line, value;
	head->n_headers = 0;
	while (next_line(rest, &line)) {
		if (line.n == 0)
			return 1;
		if (head->n_headers == HTTP_HEADERS)
			return -431;
		struct text name = cut(line, ':', &value);
		if (name.n == line.n || !is_token(name) || !is_printable(value))
			return -400; /* a line that is folded, or a space before the colon, too */
		head->names[head->n_headers] = name;
		head->values[head->n_headers++] = trim(value);
	}
	return 0;
}

/* RFC 9112 section 6.3. With two lengths, two servers in a row may see two different messages: this
 * is refused, not guessed. 0, or -status. */
static int find_framing(struct http_head *head)
{
	size_t n_lengths = count(head, "Content-Length");
	struct text coding = http_header(head, "Transfer-Encoding");
	if (coding.at) {
		if (n_lengths > 0 || head->minor == 0 || count(head, "Transfer-Encoding") > 1)
			return -400;
		head->framing = HTTP_CHUNKED;
		return text_is_like(coding, "chunked") ? 0 : -501;
	}
	if (n_lengths == 0)
		return 0;
	head->framing = HTTP_LENGTH;
	if (n_lengths > 1 || !read_number(http_header(head, "Content-Length"), &head->body_len))
		return -400;
	return 0;
}

static void find_persistence(struct http_head *head)
{
	bool close = http_lists(head, "Connection", "close");
	bool keep = http_lists(head, "Connection", "keep-alive");
	head->keep_alive = !close && (head->minor > 0 || keep);
}

/* ---- heads ---- */

/* "HTTP/1.1": 0 and the minor number, or -status. */
static int read_version(struct text word, int *minor)
{
	if (word.n != 8 || memcmp(word.at, "HTTP/", 5) != 0 || word.at[6] != '.' ||
	    word.at[5] < '0' || word.at[5] > '9' || word.at[7] < '0' || word.at[7] > '9')
		return -400;
	*minor = word.at[7] == '0' ? 0 : 1; /* HTTP/1.2 would be understood as 1.1 */
	return word.at[5] == '1' ? 0 : -505;
}

/* "GET /path HTTP/1.1". 0, or -status. */
static int read_request_line(struct http_head *head, struct text line)
{
	struct text rest;
	head->method = cut(line, ' ', &rest);
	head->target = cut(rest, ' ', &rest);
	if (!is_token(head->method) || head->target.n == 0 || !is_printable(head->target))
		return -400;
	if (head->target.n > HTTP_TARGET_MAX)
		return -414;
	return read_version(rest, &head->minor);
}

/* What a request must and must not have. 0, or -status. */
static int check_request(const struct http_head *head)
{
	if (count(head, "Host") > 1 || (head->minor > 0 && count(head, "Host") == 0))
		return -400;
	if (http_header(head, "Expect").at && !head->expects_continue)
		return -417;
	return 0;
}

/* The length of a head of which `rest` is what stands behind it; as http_read_request() says. */
static int length_of(int whole, const char *bytes, size_t n, struct text rest)
{
	size_t len = whole > 0 ? (size_t)(rest.at - bytes) : n;
	if (whole < 0)
		return whole;
	if (len > HTTP_HEAD_MAX)
		return -431;
	return whole > 0 ? (int)len : 0;
}

int http_read_request(struct http_head *head, const char *bytes, size_t n)
{
	struct text rest = {bytes, n}, line = {NULL, 0};
	*head = (struct http_head){.framing = HTTP_NO_BODY};
	do /* an empty line or two before it are forgiven (RFC 9112 section 2.2) */
		if (!next_line(&rest, &line))
			return n > HTTP_TARGET_MAX + 64 ? -414 : 0;
	while (line.n == 0);
	int status = read_request_line(head, line);
	int whole = status < 0 ? status : read_headers(head, &rest);
	int len = length_of(whole, bytes, n, rest);
	if (len <= 0)
		return len;
	find_persistence(head);
	head->expects_continue = text_is_like(http_header(head, "Expect"), "100-continue");
	status = find_framing(head);
	if (status == 0)
		status = check_request(head);
	return status < 0 ? status : len;
}

/* "HTTP/1.1 404 Not Found". 0, or below. */
static int read_status_line(struct http_head *head, struct text line)
{
	uint64_t status;
	struct text rest;
	if (read_version(cut(line, ' ', &rest), &head->minor) < 0)
		return -400;
	struct text digits = cut(rest, ' ', &head->reason);
	if (digits.n != 3 || !read_number(digits, &status) || status < 100)
		return -400;
	head->status = (int)status;
	return 0;
}

int http_read_response(struct http_head *head, const char *bytes, size_t n, bool to_head)
{
	struct text rest = {bytes, n}, line = {NULL, 0};
	*head = (struct http_head){.framing = HTTP_UNTIL_CLOSE};
	if (!next_line(&rest, &line))
		return n > HTTP_HEAD_MAX ? -400 : 0;
	if (read_status_line(head, line) < 0)
		return -400;
	int len = length_of(read_headers(head, &rest), bytes, n, rest);
	if (len <= 0)
		return len;
	find_persistence(head);
	int status = find_framing(head);
	if (to_head || head->status < 200 || head->status == 204 || head->status == 304)
		head->framing = HTTP_NO_BODY;
	return status < 0 ? status : len;
}

/* ---- targets ---- */

int http_hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

/* "%41" is an A. The byte, how many characters it took in *used; -1: no such thing. */
static int decoded(struct text text, size_t *used)
{
	*used = 1;
	if (text.at[0] != '%')
		return (unsigned char)text.at[0];
	*used = 3;
	if (text.n < 3 || http_hex(text.at[1]) < 0 || http_hex(text.at[2]) < 0)
		return -1;
	return http_hex(text.at[1]) * 16 + http_hex(text.at[2]);
}

/* "/.." or "/../": after decoding, or "%2e%2e" would get through. */
static bool leads_out(const char *path)
{
	for (const char *at = path; (at = strstr(at, "/..")) != NULL; at += 3)
		if (at[3] == '/' || at[3] == '\0')
			return true;
	return false;
}

bool http_path(struct text target, char *path, size_t size, struct text *query)
{
	static const char scheme[] = "http://";
	size_t n = 0, used;
	if (target.n >= strlen(scheme) && strncasecmp(target.at, scheme, strlen(scheme)) == 0) {
		struct text host = {target.at + strlen(scheme), target.n - strlen(scheme)}, rest;
		size_t host_n = cut(host, '/', &rest).n;
		target = (struct text){host.at + host_n, host.n - host_n};
	}
	target = cut(target, '?', query);
	if (target.n == 0 || target.at[0] != '/')
		return false;
	for (; target.n > 0; target.at += used, target.n -= used) {
		int byte = decoded(target, &used);
		if (byte <= 0 || n + 1 >= size)
			return false;
		path[n++] = (char)byte;
	}
	path[n] = '\0';
	return !leads_out(path);
}

void http_date(char text[HTTP_DATE])
{
	time_t now = time(NULL);
	struct tm utc;
	if (!gmtime_r(&now, &utc) ||
	    strftime(text, HTTP_DATE, "%a, %d %b %Y %H:%M:%S GMT", &utc) == 0)
		text[0] = '\0'; /* not before the year 10000 */
}

const char *http_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} table[] = {
	        {100, "Continue"},
	        {101, "Switching Protocols"},
	        {200, "OK"},
	        {204, "No Content"},
	        {400, "Bad Request"},
	        {404, "Not Found"},
	        {405, "Method Not Allowed"},
	        {408, "Request Timeout"},
	        {413, "Content Too Large"},
	        {414, "URI Too Long"},
	        {417, "Expectation Failed"},
	        {426, "Upgrade Required"},
	        {431, "Request Header Fields Too Large"},
	        {500, "Internal Server Error"},
	        {501, "Not Implemented"},
	        {503, "Service Unavailable"},
	        {505, "HTTP Version Not Supported"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].status == status)
			return table[i].reason;
	return "Unknown";
}
