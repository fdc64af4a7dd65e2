/* fuzz_json.c: lines of the event stream, as they come over --events or from a saved run. What is
 * accepted as an event must be written, read back and shown. Byte 0 chooses a sink. */
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

/* Every value of a line by every reader of values, as far down as they go. */
static void read_values(struct json_reader reader, int depth)
{
	struct json_member member;
	char string[64];
	uint64_t number;
	int64_t signed_number;
	bool truth;
	while (json_next(&reader, &member)) {
		(void)json_get_uint(&member, &number); /* that they stay in the line is the claim */
		(void)json_get_int(&member, &signed_number);
		(void)json_get_bool(&member, &truth);
		(void)json_get_seconds(&member, &signed_number);
		if (json_get_string(&member, string, sizeof string) >= 0)
			CLAIM(strlen(string) < sizeof string);
		if (member.type == JSON_ARRAY && depth < 8)
			read_values(json_read_array(&member), depth + 1);
	}
}

static void take_line(struct sink *sink, const char *line, size_t n)
{
	static struct event event; /* large */
	char why[256] = "";
	read_values(json_read(line, n), 0);
	if (event_read(&event, line, n, why, sizeof why) < 0) {
		CLAIM(why[0] != '\0');
		fuzz_claim_printable(why, strlen(why), "");
		CLAIM((unsigned)event.kind < N_EVENT_KINDS);
	} else {
		fuzz_claim_event(&event);
	}
	(void)sink_event(sink, &event); /* also one without meaning must be shown */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct sink sink;
	if (size < 2)
		return 0;
	if (fd < 0)
		fd = memfd_create("output", MFD_CLOEXEC);
	fuzz_open_sink(&sink, data[0], fd);
	const char *at = (const char *)data + 1, *end = (const char *)data + size;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		take_line(&sink, at, (size_t)(stop - at));
		at = newline ? newline + 1 : end;
	}
	CLAIM(sink_close(&sink) == 0);
	fuzz_claim_output(fd);
	return 0;
}
