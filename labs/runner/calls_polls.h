/* calls_polls.h: the calls that wait for several descriptors: which those are, and the arguments in
 * words, as in calls_words.h: "fd 3 POLLIN, timeout 5000 ms". */
#ifndef WIRELAB_RUNNER_CALLS_POLLS_H
#define WIRELAB_RUNNER_CALLS_POLLS_H

#include "base/text.h"
#include "runner/calls_table.h"

int polled_by_poll(const struct call_view *view, int proc_fd, int *fds);
int polled_by_select(const struct call_view *view, int proc_fd, int *fds);
int polled_by_epoll(const struct call_view *view, int proc_fd, int *fds);

void say_poll(struct text *t, const struct call_view *view);
void say_ppoll(struct text *t, const struct call_view *view);
void say_select(struct text *t, const struct call_view *view);
void say_pselect6(struct text *t, const struct call_view *view);
void say_epoll_ctl(struct text *t, const struct call_view *view);
void say_epoll_wait(struct text *t, const struct call_view *view);
void say_epoll_pwait2(struct text *t, const struct call_view *view);

#endif
