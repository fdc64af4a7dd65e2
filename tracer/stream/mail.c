/* mail.c: see mail.h. */
#include "stream/mail.h"

#include <string.h>

#include "base/i18n.h"

/* Headers with a name in Wireshark's filters. */
static const struct known {
	const char *header, *field;
} known[] = {
        {"From", "imf.from"},
        {"To", "imf.to"},
        {"Cc", "imf.cc"},
        {"Subject", "imf.subject"},
        {"Date", "imf.date"},
        {"Message-ID", "imf.message_id"},
        {"Reply-To", "imf.reply_to"},
        {"Sender", "imf.sender"},
        {"In-Reply-To", "imf.in_reply_to"},
        {"User-Agent", "imf.user_agent"},
        {"MIME-Version", "imf.mime_version"},
        {"Content-Type", "imf.content.type"},
        {"Content-Transfer-Encoding", "imf.content.transfer_encoding"},
        {"Received", "imf.received"},
        {"Return-Path", "imf.return_path"},
};

static void say(struct message *m, const char *words)
{
	message_say(m, words, strlen(words));
}

void mail_begin(struct mail *mail, const char *what)
{
	*mail = (struct mail){0};
	message_begin(&mail->message, "smtp", "data");
	say(&mail->message, what);
}

/* ---- headers ---- */

static const char *field_of(struct line name)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (line_is(name, known[i].header))
			return known[i].field;
	return "imf.extension";
}

/* The header at hand is complete. */
static void tell_header(struct mail *mail)
{
	struct line all = {mail->header, mail->header_len};
	const char *colon = memchr(all.bytes, ':', all.len);
	mail->header_len = 0;
	if (!colon)
		return;
	struct line name = line_trim((struct line){all.bytes, (size_t)(colon - all.bytes)});
	struct line value =
	        line_trim((struct line){colon + 1, all.len - (size_t)(colon + 1 - all.bytes)});
	const char *field = field_of(name);
	if (strcmp(field, "imf.extension") == 0)
		value = all;
	message_add(&mail->message, field, value.bytes, value.len);
}

static void keep(struct mail *mail, const char *bytes, size_t n)
{
	size_t room = sizeof mail->header - mail->header_len;
	size_t kept = n < room ? n : room;
	if (kept > 0)
		memcpy(mail->header + mail->header_len, bytes, kept);
	mail->header_len += kept;
}

static bool is_folded(struct line line)
{
	return line.len > 0 && (line.bytes[0] == ' ' || line.bytes[0] == '\t');
}

static void header_line(struct mail *mail, struct line line)
{
	bool goes_on = mail->mid_line || (is_folded(line) && mail->header_len > 0);
	if (!goes_on) {
		tell_header(mail);
		keep(mail, line.bytes, line.len);
		/* a first line that is no header: there are none */
		mail->in_body = line.len == 0 || !memchr(line.bytes, ':', line.len);
		return;
	}
	if (!mail->mid_line) {
		line = line_trim(line);
		keep(mail, " ", 1);
	}
	keep(mail, line.bytes, line.len);
}

/* ---- lines ---- */

/* Only CRLF, dot, CRLF ends a mail. Who also takes bare line ends for that sees another mail than
 * who does not. */
static bool is_end(struct mail *mail, struct line line, enum line_end end)
{
	bool dot = !mail->mid_line && line.len == 1 && line.bytes[0] == '.';
	bool strict = end == LINE_END_CRLF && !mail->bare_before;
	if (dot && !strict)
		mail->bare_dot = true;
	return dot && strict;
}

bool mail_line(struct mail *mail, struct line line, enum line_end end)
{
	static const uint8_t end_len[] = {
	        [LINE_END_CRLF] = 2, [LINE_END_LF] = 1, [LINE_END_NONE] = 0};
	if (is_end(mail, line, end))
		return true;
	if (!mail->mid_line && line.len > 0 && line.bytes[0] == '.') {
		mail->n_stuffed++;
		line = (struct line){line.bytes + 1, line.len - 1};
	}
	if (!mail->in_body)
		header_line(mail, line);
	mail->content += line.len + end_len[end];
	mail->n_lines += !mail->mid_line;
	mail->bare_before = end == LINE_END_LF;
	mail->bare = mail->bare || mail->bare_before;
	mail->mid_line = end == LINE_END_NONE;
	return false;
}

/* ---- the end ---- */

static void say_size(struct message *m, const struct mail *mail)
{
	TEXT(t, 96);
	if (mail->n_lines > 0)
		text_addf(&t, ", %llu %s", (unsigned long long)mail->n_lines,
		          mail->n_lines == 1 ? "line" : "lines");
	if (mail->n_stuffed > 0)
		text_addf(&t, ", a dot taken off %llu of them",
		          (unsigned long long)mail->n_stuffed);
	say(m, t.bytes);
}

void mail_finish(struct mail *mail)
{
	struct message *m = &mail->message;
	if (!mail->in_body)
		tell_header(mail);
	const char *subject = message_field(m, "imf.subject");
	if (subject) {
		say(m, " \"");
		say(m, subject);
		say(m, "\"");
	}
	say_size(m, mail);
	if (mail->n_lines > 0)
		message_add_uint(m, "smtp.data.reassembled.length", mail->content);
	if (mail->bare_dot)
		message_trouble(m, N_("a dot between bare line ends: a lenient server takes it for "
		                      "the end, and the rest for commands"));
	if (mail->bare)
		message_trouble(m, N_("lines that end in LF alone"));
}
