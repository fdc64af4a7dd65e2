/* fuzz_flow.c: a conversation through the whole tracer: decoded, put together from fragments,
 * analysed, explained and shown. Byte 0 chooses a sink, byte 1 how many connections are tracked;
 * the rest is a program of play.h. */
#include <sys/mman.h>

#include "fuzz.h"
#include "pipeline.h"
#include "play.h"

enum { MOST_FRAMES = 100 };

static void one_frame(void *arg, const struct record *record)
{
	struct pipeline *p = arg;
	CLAIM(pipeline_frame(p, record));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pipeline p; /* large */
	static int fd = -1;
	struct save nowhere = {0};
	struct err err;
	if (size < 2 + PLAY_SIZE)
		return 0;
	if (fd < 0)
		fd = memfd_create("output", MFD_CLOEXEC);
	p = (struct pipeline){.stream = -1, .out.save = &nowhere};
	fuzz_open_sink(&p.out.sinks[0], data[0], fd);
	struct sink_options none = {.fd = fd};
	p.out.sink_open[0] = true;
	if ((data[1] & 48) == 16) { /* these cost more than all the rest */
		CLAIM(sink_open(&p.out.sinks[1], &fuzz_sink, &none, &err) == 0);
		p.out.sink_open[1] = true;
	}
	CLAIM(pipeline_start(&p, 1 + data[1] % 8, 1) == 0);
	pipeline_session(&p, NULL, 0);
	play(data + 2, size - 2, MOST_FRAMES, one_frame, &p);
	pipeline_end(&p);
	CLAIM(pipeline_close(&p) == 0);
	fuzz_claim_output(fd);
	return 0;
}
