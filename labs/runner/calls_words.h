/* calls_words.h: the arguments of a call in words, without the descriptor, which has a member of
 * its own: "127.0.0.1:8080", "14 bytes", "SOL_SOCKET SO_REUSEADDR 1". English: the stream is never
 * translated. What points into memory that cannot be read is left out. When the call has returned
 * (view->returned), what it has filled in is said too. */
#ifndef WIRELAB_RUNNER_CALLS_WORDS_H
#define WIRELAB_RUNNER_CALLS_WORDS_H

#include "base/text.h"
#include "runner/calls_table.h"

void say_nothing(struct text *t, const struct call_view *view);
void say_socket(struct text *t, const struct call_view *view);  /* "AF_INET SOCK_STREAM" */
void say_address(struct text *t, const struct call_view *view); /* "127.0.0.1:8080" */
void say_backlog(struct text *t, const struct call_view *view); /* "backlog 16" */
void say_accept(struct text *t, const struct call_view *view);  /* "from 127.0.0.1:45360" */
void say_accept4(struct text *t, const struct call_view *view); /* the same, with flags */
void say_room(struct text *t, const struct call_view *view);    /* "up to 4096 bytes" */
void say_bytes(struct text *t, const struct call_view *view);   /* "14 bytes" */
void say_room_parts(struct text *t, const struct call_view *view);
void say_bytes_parts(struct text *t, const struct call_view *view); /* "30 bytes in 2 parts" */
void say_send(struct text *t, const struct call_view *view);        /* "14 bytes to 1.2.3.4:53" */
void say_receive(struct text *t, const struct call_view *view);
void say_send_message(struct text *t, const struct call_view *view);
void say_receive_message(struct text *t, const struct call_view *view);
void say_messages(struct text *t, const struct call_view *view); /* "up to 8 messages" */
void say_sendfile(struct text *t, const struct call_view *view); /* "64 bytes from fd 5" */
void say_splice(struct text *t, const struct call_view *view);
void say_shutdown(struct text *t, const struct call_view *view);     /* "SHUT_WR" */
void say_status_flags(struct text *t, const struct call_view *view); /* "O_NONBLOCK" */
void say_nonblocking(struct text *t, const struct call_view *view);  /* "FIONBIO 1" */

/* In calls_options.c: "SOL_SOCKET SO_REUSEADDR 1", "SOL_SOCKET SO_ERROR ECONNREFUSED". */
void say_option(struct text *t, const struct call_view *view);
void say_error_option(struct text *t, const struct call_view *view);

#endif
