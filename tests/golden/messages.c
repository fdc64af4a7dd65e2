/* messages.c: what applications say, for the golden tests. */
#include "tests/golden/stories.h"

#include <string.h>

static void say(struct talk *talk, enum end from, const char *text)
{
	talk_send(talk, from, PSH | ACK, text, strlen(text));
	talk_send(talk, !from, ACK, NULL, 0);
}

/* ---- HTTP ---- */

/* One connection that is kept: a message in two segments, two in one, chunks, no body. */
static void kept_connection(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.port[RIGHT] = 8080;
	talk_handshake(&talk);
	say(&talk, LEFT, "GET /hello HTTP/1.1\r\nHost: lab.exa");
	say(&talk, LEFT, "mple\r\nUser-Agent: golden\r\n\r\n");
	say(&talk, RIGHT,
	    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\n");
	say(&talk, RIGHT, "Hello, World!");
	say(&talk, LEFT,
	    "GET /list HTTP/1.1\r\nHost: lab.example\r\n\r\n"
	    "GET /more HTTP/1.1\r\nHost: lab.example\r\n\r\n");
	say(&talk, RIGHT,
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Items\r\n\r\n"
	    "8\r\none\r\n");
	say(&talk, RIGHT,
	    "two\r\n0\r\nX-Items: 2\r\n\r\n"
	    "HTTP/1.1 204 No Content\r\n\r\n");
	say(&talk, LEFT, "HEAD /list HTTP/1.1\r\nHost: lab.example\r\n\r\n");
	say(&talk, RIGHT, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
	say(&talk, LEFT,
	    "POST /form HTTP/1.1\r\nHost: lab.example\r\nContent-Length: 8\r\n"
	    "Content-Type: application/x-www-form-urlencoded\r\n\r\na=1&b=2\n");
	say(&talk, RIGHT,
	    "HTTP/1.1 303 See Other\r\nLocation: /hello\r\nContent-Length: 0\r\n\r\n");
	say(&talk, LEFT, "GET /none HTTP/1.1\r\nHost: lab.example\r\nConnection: close\r\n\r\n");
	say(&talk, RIGHT,
	    "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 8\r\n\r\nnot here");
	talk_close(&talk, RIGHT, 3);
}

/* HTTP/1.0: the end of the connection is the end of the body; then one that is too short. */
static void closed_connection(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 3, 2);
	talk.port[RIGHT] = 8080;
	talk_handshake(&talk);
	say(&talk, LEFT, "GET / HTTP/1.0\r\n\r\n");
	say(&talk, RIGHT, "HTTP/1.0 200 OK\r\n\r\nuntil the end");
	talk_close(&talk, RIGHT, 3);
	talk = talk_of(capture, 4, 4, 2);
	talk.port[RIGHT] = 8080;
	talk_handshake(&talk);
	say(&talk, LEFT, "GET / HTTP/1.1\r\nHost: lab.example\r\n\r\n");
	say(&talk, RIGHT, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntoo short");
	talk_close(&talk, RIGHT, 3);
}

void http_story(struct capture *capture)
{
	kept_connection(capture);
	closed_connection(capture);
}

/* ---- DNS ---- */

struct name {
	const char *bytes;
	size_t len;
};

#define NAME(bytes)                                                                                \
	(struct name)                                                                              \
	{                                                                                          \
		bytes, sizeof(bytes)                                                               \
	}

static void put_question(struct frame *frame, unsigned id, unsigned flags, struct name name,
                         unsigned type)
{
	put16(frame, id);
	put16(frame, flags);
	put16(frame, 1);
	put16(frame, 0); /* counts of records: set by put_record() */
	put16(frame, 0);
	put16(frame, 0);
	put_bytes(frame, name.bytes, name.len);
	put16(frame, type);
	put16(frame, 1);
}

enum section { ANSWER = 6, AUTHORITY = 8, ADDITIONAL = 10 }; /* where their counts are */

/* Of the question's own name, to which a pointer leads. */
static void put_record(struct frame *frame, size_t start, enum section section, unsigned type,
                       const void *data, size_t len)
{
	unsigned count = (unsigned)frame->bytes[start + section + 1] + 1;
	set16(frame, start + section, count);
	put16(frame, 0xc00c);
	put16(frame, type);
	put16(frame, 1);
	put32(frame, 300);
	put16(frame, (unsigned)len);
	put_bytes(frame, data, len);
}

/* A datagram begins; its end is send_datagram(). */
static size_t begin_datagram(struct frame *frame, const struct capture *capture, enum end from,
                             size_t *ip_at)
{
	struct host hosts[2] = {host_of(4, 1), host_of(4, 2)};
	unsigned ports[2] = {40053, 53};
	put_link(frame, capture, &hosts[from], &hosts[!from], 0x0800, 0, 0);
	*ip_at = put_ip(frame, &hosts[from], &hosts[!from], 17);
	put16(frame, ports[from]);
	put16(frame, ports[!from]);
	put16(frame, 0);
	put16(frame, 0);
	return frame->len;
}

static void send_datagram(struct capture *capture, struct frame *frame, size_t start, size_t ip_at)
{
	set16(frame, start - 4, (unsigned)(frame->len - start + 8));
	ip_finish(frame, ip_at, 6);
	capture_frame(capture, frame->bytes, frame->len);
	capture_wait(capture, 700000);
}

#define WWW "\3www\3lab\7example"

static void ask(struct capture *capture, unsigned id, struct name name, unsigned type)
{
	struct frame frame = {0};
	size_t ip_at, start = begin_datagram(&frame, capture, LEFT, &ip_at);
	put_question(&frame, id, 0x0100, name, type);
	send_datagram(capture, &frame, start, ip_at);
}

static void addresses(struct capture *capture)
{
	struct frame frame = {0};
	size_t ip_at, start;
	ask(capture, 0x1001, NAME(WWW), 1);
	start = begin_datagram(&frame, capture, RIGHT, &ip_at);
	put_question(&frame, 0x1001, 0x8580, NAME(WWW), 1);
	put_record(&frame, start, ANSWER, 5, "\3web\xc0\x10", 6);
	put_record(&frame, start, ANSWER, 1, "\xc0\0\2\x2a", 4);
	put_record(&frame, start, ANSWER, 1, "\xc0\0\2\x2b", 4);
	send_datagram(capture, &frame, start, ip_at);
	ask(capture, 0x1002, NAME(WWW), 28);
	frame.len = 0;
	start = begin_datagram(&frame, capture, RIGHT, &ip_at);
	put_question(&frame, 0x1002, 0x8580, NAME(WWW), 28);
	put_record(&frame, start, ANSWER, 28, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x2a", 16);
	send_datagram(capture, &frame, start, ip_at);
}

static void no_such_name(struct capture *capture)
{
	static const char soa[] = "\2ns\xc0\x0f\5admin\xc0\x0f\0\0\0\1\0\0\x0e\x10\0\0\2\x58"
	                          "\0\1\x51\x80\0\0\0\x3c";
	struct frame frame = {0};
	size_t ip_at, start;
	ask(capture, 0x1003, NAME("\2no\3lab\7example"), 1);
	start = begin_datagram(&frame, capture, RIGHT, &ip_at);
	put_question(&frame, 0x1003, 0x8583, NAME("\2no\3lab\7example"), 1);
	put_record(&frame, start, AUTHORITY, 6, soa, sizeof soa - 1);
	send_datagram(capture, &frame, start, ip_at);
}

/* Too long for a datagram: the answer says so, and the same question comes over TCP. */
static void truncated(struct capture *capture)
{
	struct frame frame = {0}, message;
	size_t ip_at, start;
	char text[201];
	memset(text, 't', sizeof text);
	text[0] = (char)200;
	ask(capture, 0x1004, NAME(WWW), 16);
	start = begin_datagram(&frame, capture, RIGHT, &ip_at);
	put_question(&frame, 0x1004, 0x8780, NAME(WWW), 16);
	send_datagram(capture, &frame, start, ip_at);
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.port[RIGHT] = 53;
	talk_handshake(&talk);
	message.len = 0;
	put16(&message, 0);
	put_question(&message, 0x1005, 0x0100, NAME(WWW), 16);
	set16(&message, 0, (unsigned)message.len - 2);
	talk_send(&talk, LEFT, PSH | ACK, message.bytes, message.len);
	talk_send(&talk, RIGHT, ACK, NULL, 0);
	message.len = 0;
	put16(&message, 0);
	put_question(&message, 0x1005, 0x8580, NAME(WWW), 16);
	for (int i = 0; i < 3; i++)
		put_record(&message, 2, ANSWER, 16, text, sizeof text);
	set16(&message, 0, (unsigned)message.len - 2);
	talk_send(&talk, RIGHT, PSH | ACK, message.bytes, 300);
	talk_send(&talk, RIGHT, PSH | ACK, message.bytes + 300, message.len - 300);
	talk_send(&talk, LEFT, ACK, NULL, 0);
	talk_close(&talk, LEFT, 3);
}

void dns_story(struct capture *capture)
{
	addresses(capture);
	no_such_name(capture);
	truncated(capture);
}
