/* wire_line.c: see wire_line.h. */
#include "runner/wire_line.h"

#include <stddef.h>

void wire_line_init(struct wire_line *line, const struct wire_fault *rate,
                    const struct wire_fault *queue)
{
	line->rate = rate ? rate->rate : 0;
	line->limit = queue ? queue->size : WIRE_QUEUE_DEFAULT;
	line->why = queue ? queue->text : rate ? rate->text : "";
	line->free_ns = INT64_MIN;
	line->first = line->n = 0;
}

/* Those whose first bit has been sent wait no more. */
static void forget_departed(struct wire_line *line, int64_t now_ns)
{
	while (line->n > 0 && line->starts_ns[line->first] <= now_ns) {
		line->first = (line->first + 1) % WIRE_QUEUE_MAX;
		line->n--;
	}
}

const char *wire_line_send(struct wire_line *line, uint32_t len, int64_t *at_ns)
{
	int64_t start_ns = line->free_ns > *at_ns ? line->free_ns : *at_ns;
	if (line->rate == 0)
		return NULL;
	forget_departed(line, *at_ns);
	if (start_ns > *at_ns) {
		if (line->n >= line->limit) {
			*at_ns = line->free_ns;
			return line->why;
		}
		line->starts_ns[(line->first + line->n++) % WIRE_QUEUE_MAX] = start_ns;
	}
	line->free_ns = start_ns + (int64_t)(len * UINT64_C(8000000000) / line->rate);
	*at_ns = line->free_ns;
	return NULL;
}
