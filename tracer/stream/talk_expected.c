/* talk_expected.c: conversations that announce others; what is announced lies with all of them
 * (expected.h). */
#include "stream/talk.h"

void talk_expect(struct talk *talk, const struct endpoint *to, const char *protocol,
                 const char *method)
{
	const struct expected expected = {.to = *to,
	                                  .protocol = protocol,
	                                  .method = method,
	                                  .by = talk->number,
	                                  .stream = -1,
	                                  .setup_frame = talk->frame};
	if (talk->expectations)
		expected_add(talk->expectations, &expected);
}

void talk_expected_is(struct talk *talk, const char *what)
{
	struct expected expected = {
	        .by = talk->number, .frame = talk->frame, .time_ns = talk->time_ns};
	struct text t = text_of(expected.what, sizeof expected.what);
	text_add(&t, what);
	if (talk->expectations)
		expected_tell(talk->expectations, &expected);
}

const struct expected *talk_expected(const struct talk *talk)
{
	return talk->expectations ? expected_of(talk->expectations, talk->number) : NULL;
}
