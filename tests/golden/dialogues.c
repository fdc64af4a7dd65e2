/* dialogues.c: a push over WebSocket, a mail, and files with their data connections, for the golden
 * tests. */
#include "tests/golden/stories.h"

#include <string.h>

static void send(struct talk *talk, enum end from, const char *bytes, size_t n)
{
	talk_send(talk, from, PSH | ACK, bytes, n);
	talk_send(talk, !from, ACK, NULL, 0);
}

static void say(struct talk *talk, enum end from, const char *text)
{
	send(talk, from, text, strlen(text));
}

#define SEND(talk, from, bytes) send(talk, from, bytes, sizeof(bytes) - 1)

/* ---- WebSocket ---- */

void websocket_story(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.port[RIGHT] = 8080;
	talk_handshake(&talk);
	say(&talk, LEFT,
	    "GET /push HTTP/1.1\r\nHost: lab.example\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	    "Sec-WebSocket-Version: 13\r\n\r\n");
	SEND(&talk, RIGHT,
	     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	     "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	     "\x81\x05news!");
	SEND(&talk, LEFT, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
	SEND(&talk, LEFT, "\x01\x83\0\0\0\0one\x89\x82\0\0\0\0??");
	SEND(&talk, RIGHT, "\x8a\x02??\x82\x03\x00\x01\x02");
	SEND(&talk, LEFT, "\x80\x84\0\0\0\0 two\x81\x02hi"); /* the last one has no mask */
	SEND(&talk, RIGHT, "\x81\x0c\x1b[31mred\xe2\x80\xae!");
	SEND(&talk, RIGHT, "\x88\x0e\x03\xeamask, please");
	SEND(&talk, LEFT, "\x88\x82\0\0\0\0\x03\xea");
	talk_close(&talk, RIGHT, 3);
}

/* ---- SMTP ---- */

void smtp_story(struct capture *capture)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.port[RIGHT] = 25;
	talk_handshake(&talk);
	say(&talk, RIGHT, "220 mail.lab.example ESMTP\r\n");
	say(&talk, LEFT, "EHLO client.lab.example\r\n");
	say(&talk, RIGHT, "250-mail.lab.example\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n");
	say(&talk, LEFT, "AUTH PLAIN AGFubgBzZWNyZXQ=\r\n");
	say(&talk, RIGHT, "235 welcome\r\n");
	say(&talk, LEFT, "MAIL FROM:<ann@lab.example>\r\nRCPT TO:<bob@lab.example>\r\nDATA\r\n");
	say(&talk, RIGHT, "250 fine\r\n250 fine\r\n354 go on\r\n");
	say(&talk, LEFT, "From: Ann <ann@lab.example>\r\nSubject: dots\r\n\r\nA line\r\n..\r\n");
	say(&talk, LEFT, ".\r\nQUIT\r\n");
	say(&talk, RIGHT, "250 taken\r\n221 bye\r\n");
	talk_close(&talk, RIGHT, 3);
	talk = talk_of(capture, 4, 3, 2);
	talk.port[RIGHT] = 25;
	talk_handshake(&talk);
	say(&talk, LEFT, "EHLO hasty\r\n");
	say(&talk, RIGHT, "554 you do not wait\r\n");
	talk_close(&talk, RIGHT, 3);
}

/* ---- FTP ---- */

static struct talk data_connection(struct capture *capture, unsigned port)
{
	struct talk talk = talk_of(capture, 4, 1, 2);
	talk.port[LEFT] = 40001;
	talk.port[RIGHT] = (uint16_t)port;
	talk_handshake(&talk);
	return talk;
}

void ftp_story(struct capture *capture)
{
	struct talk control = talk_of(capture, 4, 1, 2), data;
	control.port[RIGHT] = 21;
	talk_handshake(&control);
	say(&control, RIGHT, "220 lab FTP\r\n");
	say(&control, LEFT, "USER ann\r\n");
	say(&control, RIGHT, "331 and the password?\r\n");
	say(&control, LEFT, "PASS secret\r\n");
	say(&control, RIGHT, "230-welcome\r\n to the lab\r\n230 in\r\n");
	say(&control, LEFT, "PASV\r\n");
	say(&control, RIGHT, "227 Entering Passive Mode (192,0,2,2,156,64)\r\n");
	data = data_connection(capture, 40000);
	say(&control, LEFT, "RETR hello.txt\r\n");
	say(&control, RIGHT, "150 it comes\r\n");
	say(&data, RIGHT, "Hello, ");
	say(&data, RIGHT, "World!\r\n");
	talk_close(&data, RIGHT, 3);
	say(&control, RIGHT, "226 that was all\r\n");
	say(&control, LEFT, "PORT 192,0,2,9,0,25\r\n");
	say(&control, RIGHT, "504 to yourself only\r\n");
	say(&control, LEFT, "RETR \x1b[2Jnothing\r\n");
	say(&control, RIGHT, "425 and where to?\r\n");
	say(&control, LEFT, "QUIT\r\n");
	say(&control, RIGHT, "221 bye\r\n");
	talk_close(&control, RIGHT, 3);
}
