/* json_write.c: writes JSON (RFC 8259) into a text, one member after the other. Knows no event. */
#include "base/json.h"

#include <string.h>

#include "base/utf8.h"

void json_open(struct text *t)
{
	text_add_char(t, '{');
}

void json_close(struct text *t)
{
	text_add(t, "}\n");
}

void json_key(struct text *t, const char *key)
{
	if (t->len > 0 && t->bytes[t->len - 1] != '{')
		text_add_char(t, ',');
	json_quote(t, key, strlen(key));
	text_add_char(t, ':');
}

void json_string(struct text *t, const char *key, const char *value)
{
	json_bytes(t, key, value, strlen(value));
}

void json_bytes(struct text *t, const char *key, const char *value, size_t n)
{
	json_key(t, key);
	json_quote(t, value, n);
}

void json_uint(struct text *t, const char *key, uint64_t value)
{
	json_key(t, key);
	text_add_uint(t, value);
}

void json_int(struct text *t, const char *key, int64_t value)
{
	json_key(t, key);
	text_add_int(t, value);
}

void json_bool(struct text *t, const char *key, bool value)
{
	json_key(t, key);
	text_add(t, value ? "true" : "false");
}

void json_seconds(struct text *t, const char *key, int64_t ns)
{
	json_key(t, key);
	text_add_seconds(t, ns);
}

static void add_escaped(struct text *t, uint32_t code)
{
	static const struct {
		char code, letter;
	} letters[] = {{'"', '"'},  {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'},
	               {'\t', 't'}, {'\b', 'b'},  {'\f', 'f'}};

	text_add_char(t, '\\');
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		if (code == (uint32_t)letters[i].code) {
			text_add_char(t, letters[i].letter);
			return;
		}
	}
	text_add_char(t, 'u');
	text_add_hex(t, code, 4); /* all controls are below U+10000 */
}

/* Printable ASCII that needs no escape: nearly everything, so it is asked first. */
static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

void json_quote(struct text *t, const char *bytes, size_t n)
{
	size_t plain = 0; /* bytes[plain..at) may stay as they are */
	size_t at = 0;
	text_add_char(t, '"');
	while (at < n) {
		uint32_t code = 0;
		if (is_plain(bytes[at])) {
			at++;
			continue;
		}
		size_t len = utf8_read(bytes + at, n - at, &code);
		if (len > 0 && code != '"' && code != '\\' && !utf8_is_control(code)) {
			at += len;
			continue;
		}
		text_add_bytes(t, bytes + plain, at - plain);
		add_escaped(t, len > 0 ? code : 0xFFFD);
		at += len > 0 ? len : 1;
		plain = at;
	}
	text_add_bytes(t, bytes + plain, n - plain);
	text_add_char(t, '"');
}
