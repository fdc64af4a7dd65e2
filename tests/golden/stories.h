/* stories.h: the stories of applications, in messages.c and dialogues.c, for the table in
 * make.c. */
#ifndef WIRELAB_TESTS_STORIES_H
#define WIRELAB_TESTS_STORIES_H

#include "packets.h"

/* Requests and responses over two connections: split, pipelined, chunked, with trouble. */
void http_story(struct capture *capture);

/* Questions and answers over UDP, and one over TCP since it did not fit. */
void dns_story(struct capture *capture);

/* A server that pushes, fragments, a ping, a frame without a mask and what comes of it. */
void websocket_story(struct capture *capture);

/* A mail with pipelining and a stuffed dot; then a client that does not wait for the greeting. */
void smtp_story(struct capture *capture);

/* A file over a passive data connection; then a bounce that is refused. */
void ftp_story(struct capture *capture);

#endif
