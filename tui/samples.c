/* samples.c: see samples.h. */
#include "samples.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "log.h"

enum { MOST_LOOKED_AT = 1 << 16 };

void samples_release(struct samples *samples)
{
	free(samples->all);
	*samples = (struct samples){0};
}

static uint8_t keep_reason(struct samples *samples, const char *reason)
{
	char kept[SAMPLES_REASON_MAX];
	struct text t = text_of(kept, sizeof kept);
	text_add_safe(&t, reason, strlen(reason));
	if (kept[0] == '\0')
		return 0;
	int i = 0;
	while (i < samples->n_reasons && strcmp(samples->reasons[i], kept) != 0)
		i++;
	if (i == SAMPLES_REASONS)
		return 0;
	if (i == samples->n_reasons)
		memcpy(samples->reasons[samples->n_reasons++], kept, sizeof kept);
	return (uint8_t)(i + 1);
}

int samples_add(struct samples *samples, uint32_t at, int64_t time_ns, const struct kernel_event *k)
{
	if (samples->n == samples->room) {
		uint32_t room = samples->room ? 2 * samples->room : 256;
		struct sample *all = reallocarray(samples->all, room, sizeof *all);
		if (!all)
			return -1;
		samples->all = all;
		samples->room = room;
	}
	bool known = k->stream >= 0 && k->stream < NO_STREAM;
	samples->all[samples->n++] = (struct sample){
	        .time_ns = time_ns,
	        .timer_ns = k->timer_ns,
	        .rtt_ns = k->rtt_ns,
	        .rto_ns = k->rto_ns,
	        .at = at,
	        .stream = known ? (uint32_t)k->stream : NO_STREAM,
	        .cwnd = k->snd_cwnd,
	        .ssthresh = k->snd_ssthresh,
	        .unacked = k->unacked,
	        .lost = k->lost,
	        .total_retrans = k->total_retrans,
	        .send_queue = k->send_queue,
	        .receive_queue = k->receive_queue,
	        .local = k->local,
	        .state = (uint8_t)k->state,
	        .inferred = (uint8_t)k->inferred,
	        .timer = (uint8_t)k->timer,
	        .reason = keep_reason(samples, k->reason),
	        .has_info = k->has_info,
	        .differs = k->differs,
	};
	return 0;
}

const struct sample *samples_find(const struct samples *samples, uint32_t stream,
                                  const struct endpoint *local, uint32_t until)
{
	uint32_t least = samples->n > MOST_LOOKED_AT ? samples->n - MOST_LOOKED_AT : 0;
	for (uint32_t i = samples->n; i > least; i--) {
		const struct sample *s = &samples->all[i - 1];
		if (s->stream == stream && s->at <= until + 1 && endpoint_equal(&s->local, local))
			return s;
	}
	return NULL;
}

const char *samples_reason(const struct samples *samples, const struct sample *sample)
{
	return sample->reason ? samples->reasons[sample->reason - 1] : "";
}
