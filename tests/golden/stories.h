/* stories.h: the stories of applications, in messages.c, for the table in make.c. */
#ifndef WIRELAB_TESTS_STORIES_H
#define WIRELAB_TESTS_STORIES_H

#include "packets.h"

/* Requests and responses over two connections: split, pipelined, chunked, with trouble. */
void http_story(struct capture *capture);

/* Questions and answers over UDP, and one over TCP since it did not fit. */
void dns_story(struct capture *capture);

#endif
