/* reader.c: what both formats share: opening, finding out the format and packing from the first
 * bytes, and the sentences about files that end early or contradict themselves. It must not know
 * what a packet is. */
#include "capture/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "capture/format.h"

enum { MAX_CAPLEN = 262144, MAX_CAPLEN_BULKY = 16 * 1024 * 1024 };

/* Link types whose records are not packets of a network and may be larger. */
static const int bulky_linktypes[] = {
        189, /* USB_LINUX */
        220, /* USB_LINUX_MMAPPED */
        231, /* DBUS */
        249, /* USBPCAP */
        279, /* EBHSCR */
        288, /* USB_2_0 */
};

uint32_t reader_max_caplen(int linktype)
{
	for (size_t i = 0; i < sizeof bulky_linktypes / sizeof bulky_linktypes[0]; i++)
		if (bulky_linktypes[i] == linktype)
			return MAX_CAPLEN_BULKY;
	return MAX_CAPLEN;
}

/* "; 23 frames were read" for the end of a message; the number decides the grammar. */
static void frames_read(const struct reader *reader, char *out, size_t size)
{
	unsigned long long n = reader->n_frames;

	(void)snprintf(out, size, /* cut to fit */
	               ngettext("%llu frame was read", "%llu frames were read", (unsigned long)n),
	               n);
}

int reader_damaged(const struct reader *reader, struct err *err, const char *how, ...)
{
	char frames[64], what[256];
	va_list args;

	va_start(args, how);
	(void)vsnprintf(what, sizeof what, how, args); /* cut to fit */
	va_end(args);
	frames_read(reader, frames, sizeof frames);
	return err_set(err, _("%s: the file is damaged at byte %llu: %s; %s"), reader->name,
	               (unsigned long long)input_position(&reader->input), what, frames);
}

static int cut_off(const struct reader *reader, struct err *err)
{
	char frames[64];

	if (reader->linktype < 0)
		return err_set(err, _("%s: the file is cut off before its first frame"),
		               reader->name);
	frames_read(reader, frames, sizeof frames);
	return err_set(err, _("%s: the file is cut off inside frame %llu; %s"), reader->name,
	               (unsigned long long)reader->n_frames + 1, frames);
}

static int failed(const struct reader *reader, struct err *err)
{
	char frames[64];

	frames_read(reader, frames, sizeof frames);
	return err_set(err, "%s: %s; %s", reader->name, reader->input.why, frames);
}

int reader_want(struct reader *reader, size_t n, struct err *err)
{
	switch (input_need(&reader->input, n)) {
	case INPUT_OK:
		return 1;
	case INPUT_AGAIN:
		return READER_AGAIN;
	case INPUT_FAILED:
		return failed(reader, err);
	case INPUT_END:
		break;
	}
	bool between_records = input_left(&reader->input) == 0 && reader->input.skip == 0;
	return between_records ? 0 : cut_off(reader, err);
}

static int not_a_capture(const struct reader *reader, struct err *err)
{
	if (input_position(&reader->input) + input_left(&reader->input) == 0)
		return err_set(err,
		               _("%s: the file is empty; even a capture without frames has a "
		                 "file header"),
		               reader->name);
	if (input_left(&reader->input) > 0 && input_bytes(&reader->input)[0] == '{')
		return err_set(err,
		               _("%s: this is not a capture file; if it is a saved run, `wirelab "
		                 "tui -r` shows it"),
		               reader->name);
	return err_set(err, _("%s: this is not a capture file (pcap or pcapng, plain or gzip)"),
	               reader->name);
}

static bool is_gzip(const struct input *in)
{
	const uint8_t *b = input_bytes(in);

	return !in->gunzip && b[0] == 0x1f && b[1] == 0x8b;
}

/* The `next` of a new reader: finds the format out, sets the format's own and calls that. */
static int first_next(struct reader *reader, struct record *record, struct err *err)
{
	switch (input_need(&reader->input, 4)) {
	case INPUT_OK:
		break;
	case INPUT_AGAIN:
		return READER_AGAIN;
	case INPUT_FAILED:
		return failed(reader, err);
	case INPUT_END:
		return not_a_capture(reader, err);
	}
	if (is_gzip(&reader->input)) {
		if (input_gunzip(&reader->input) != 0)
			return err_set(err, _("%s: not enough memory"), reader->name);
		return first_next(reader, record, err); /* gzip inside gzip is not unpacked */
	}
	int started = reader_pcap_start(reader, err);
	if (started == 0)
		started = reader_pcapng_start(reader, err);
	if (started == 0)
		return not_a_capture(reader, err);
	return started == 1 ? reader->next(reader, record, err) : started;
}

/* Bytes of a regular file; 0 for pipes and devices. */
static uint64_t file_size(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

struct reader *reader_open(int fd, const char *name, struct err *err)
{
	struct reader *reader = calloc(1, sizeof *reader);

	if (!reader) {
		(void)close(fd); /* ours to close; nothing was written to it */
	} else if (input_init(&reader->input, fd) == 0 && (reader->name = strdup(name)) != NULL) {
		reader->next = first_next;
		reader->linktype = -1;
		reader->total = file_size(fd);
		return reader;
	} else {
		reader_close(reader);
	}
	(void)err_set(err, _("%s: not enough memory"), name); /* NULL says it failed */
	return NULL;
}

int reader_next(struct reader *reader, struct record *record, struct err *err)
{
	int got = reader->next(reader, record, err);

	if (got == 1)
		reader->n_frames++;
	return got;
}

void reader_on_meta(struct reader *reader, reader_meta_fn *on_meta, void *arg)
{
	reader->on_meta = on_meta;
	reader->meta_arg = arg;
}

int reader_linktype(const struct reader *reader)
{
	return reader->linktype;
}

int reader_fd(const struct reader *reader)
{
	return reader->input.fd;
}

void reader_progress(const struct reader *reader, uint64_t *done, uint64_t *total)
{
	const struct input *in = &reader->input;

	*done = in->gunzip ? in->file_done : input_position(in);
	*total = reader->total;
}

void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	reader_pcapng_release(reader);
	if (reader->input.bytes) /* input_init() cleans up after itself */
		input_release(&reader->input);
	free(reader->name);
	free(reader);
}
