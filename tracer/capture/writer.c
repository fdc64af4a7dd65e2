/* writer.c: the buffer behind both formats. It holds whole blocks only, so that after a failed
 * write the file can be cut back to its last whole frame. It must not know how a frame is laid out
 * in a file: writer_pcap.c and writer_pcapng.c do. */
#include "capture/writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "capture/writer_format.h"

enum { BUFFER_SIZE = 256 * 1024, LINKTYPE_ETHERNET = 1, BLOCK_HEAD = 16, MAX_HEAD = 64 << 20 };

enum writer_format writer_format_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot && (strcmp(dot, ".pcapng") == 0 || strcmp(dot, ".ntar") == 0))
		return WRITER_PCAPNG;
	return WRITER_PCAP;
}

/* ---- the buffer ---- */

static size_t block_at(const struct writer *writer, size_t at, bool *is_frame)
{
	return writer->format == WRITER_PCAP ? writer_pcap_block(writer->bytes + at, is_frame)
	                                     : writer_pcapng_block(writer->bytes + at, is_frame);
}

/* Only a part of the buffer was written: counts its whole frames and cuts the rest off the file. */
static void cut_back(struct writer *writer)
{
	off_t end = lseek(writer->fd, 0, SEEK_CUR);
	size_t written = end > writer->file_len ? (size_t)(end - writer->file_len) : 0;
	size_t whole = 0;

	while (written - whole >= BLOCK_HEAD) {
		bool is_frame;
		size_t len = block_at(writer, whole, &is_frame);
		if (len > written - whole)
			break;
		whole += len;
		writer->n_saved += is_frame;
	}
	writer->file_len += (off_t)whole;
	if (ftruncate(writer->fd, writer->file_len) != 0)
		writer->file_len = -1; /* a torn frame stays at the end; readers report it */
}

int writer_drain(struct writer *writer)
{
	if (writer->error)
		return -1;
	if (io_write_all(writer->fd, writer->bytes, writer->len) != 0) {
		writer->error = errno;
		if (writer->file_len >= 0)
			cut_back(writer);
		return -1;
	}
	if (writer->file_len >= 0)
		writer->file_len += (off_t)writer->len;
	writer->n_saved += writer->n_waiting;
	writer->n_waiting = 0;
	writer->len = 0;
	return 0;
}

/* The same in the buffer, ring or not. */
static uint8_t *file_room(struct writer *writer, size_t n)
{
	if (n > writer->size - writer->len && writer_drain(writer) != 0)
		return NULL;
	if (n > writer->size) { /* the buffer is empty now */
		uint8_t *larger = realloc(writer->bytes, n);
		if (!larger) {
			writer->error = ENOMEM;
			return NULL;
		}
		writer->bytes = larger;
		writer->size = n;
	}
	uint8_t *room = writer->bytes + writer->len;
	writer->len += n;
	writer->n_bytes += n;
	return room;
}

uint8_t *writer_room(struct writer *writer, size_t n)
{
	if (!writer->ring.bytes)
		return file_room(writer, n);
	uint8_t *room = ring_room(writer, n);
	if (!room)
		writer->error = EFBIG;
	return room;
}

void writer_give_back(struct writer *writer, size_t n)
{
	if (writer->ring.bytes) {
		writer->ring.end -= n;
		return;
	}
	writer->len -= n;
	writer->n_bytes -= n;
}

/* ---- the head: what every file starts with ---- */

uint8_t *writer_head_room(struct writer *writer, size_t n)
{
	size_t size = writer->head_len + n;

	if (size > writer->head_size) {
		uint8_t *larger = realloc(writer->head, 2 * size);
		if (!larger) {
			writer->error = ENOMEM;
			return NULL;
		}
		writer->head = larger;
		writer->head_size = 2 * size;
	}
	return writer->head + writer->head_len;
}

int writer_head_done(struct writer *writer, uint8_t *block, size_t n)
{
	if (!writer->ring.bytes) {
		uint8_t *at = file_room(writer, n);
		if (!at)
			return -1;
		memcpy(at, block, n);
	}
	if (n <= MAX_HEAD - writer->head_len)
		writer->head_len += n;
	return 0;
}

/* ---- opening ---- */

static void writer_free(struct writer *writer)
{
	free(writer->name);
	free(writer->bytes);
	free(writer->head);
	free(writer->comment);
	free(writer->interface_of);
	ring_release(&writer->ring);
	free(writer);
}

/* Where writing starts, if it is a file that can be cut back; else -1. A file opened for appending
 * is left alone, since its end is not ours. */
static off_t start_of(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return -1;
	if (fcntl(fd, F_GETFL) & O_APPEND)
		return -1;
	return lseek(fd, 0, SEEK_CUR);
}

static struct writer *writer_new(const char *name, enum writer_format format)
{
	struct writer *writer = calloc(1, sizeof *writer);

	if (!writer)
		return NULL;
	writer->name = strdup(name);
	writer->bytes = malloc(BUFFER_SIZE);
	writer->size = BUFFER_SIZE;
	writer->format = format;
	if (format == WRITER_PCAPNG)
		writer->interface_of = calloc(N_LINKTYPES, sizeof writer->interface_of[0]);
	if (writer->name && writer->bytes && (format == WRITER_PCAP || writer->interface_of))
		return writer;
	writer_free(writer);
	return NULL;
}

struct writer *writer_open(int fd, const char *name, enum writer_format format, uint32_t snaplen,
                           struct err *err)
{
	struct writer *writer = writer_new(name, format);

	if (!writer) {
		(void)close(fd);                                      /* nothing was written */
		(void)err_set(err, _("%s: not enough memory"), name); /* NULL says it failed */
		return NULL;
	}
	writer->fd = fd;
	writer->snaplen = snaplen;
	writer->linktype = -1;
	writer->file_len = start_of(fd);
	return writer;
}

int writer_keep_last(struct writer *writer, size_t size, struct err *err)
{
	if (ring_init(&writer->ring, size) != 0)
		return err_set(err, _("%s: not enough memory for the last %zu bytes"), writer->name,
		               size);
	return 0;
}

void writer_describe(struct writer *writer, const char *comment)
{
	free(writer->comment);
	writer->comment = strdup(comment); /* without memory the section goes without it */
}

/* ---- writing ---- */

/* The write that failed explains every later refusal. */
static int say_failed(const struct writer *writer, struct err *err)
{
	unsigned long n = (unsigned long)writer->n_saved;

	return err_set(err,
	               ngettext("%s: %s; %lu frame was saved", "%s: %s; %lu frames were saved", n),
	               writer->name, strerror(writer->error), n);
}

static int second_linktype(const struct writer *writer, int linktype, struct err *err)
{
	return err_set(err,
	               _("%s: a pcap file has one link type, here %d, and cannot take a frame of "
	                 "link type %d; give the file a name that ends in .pcapng"),
	               writer->name, writer->linktype, linktype);
}

/* The headers that a frame of this link type needs before it. 0, or -1 and writer->error. */
static int write_headers(struct writer *writer, int linktype)
{
	return writer->format == WRITER_PCAP ? writer_pcap_header(writer, linktype)
	                                     : writer_pcapng_interface(writer, linktype);
}

int writer_interface(struct writer *writer, int linktype, const char *name, const char *filter,
                     struct err *err)
{
	int done = writer->format == WRITER_PCAP
	                   ? writer_pcap_header(writer, linktype)
	                   : writer_pcapng_named_interface(writer, linktype, name, filter);

	return done == 0 ? 0 : say_failed(writer, err);
}

int writer_meta(struct writer *writer, const struct meta *meta, struct err *err)
{
	if (writer->format == WRITER_PCAP || writer->error)
		return 1;
	int done = writer_pcapng_meta(writer, meta);
	return done < 0 ? say_failed(writer, err) : done;
}

int writer_secrets(struct writer *writer, const char *lines, size_t n, struct err *err)
{
	if (writer->format == WRITER_PCAP)
		return 0;
	return !writer->error && writer_pcapng_secrets(writer, lines, n) == 0
	               ? 0
	               : say_failed(writer, err);
}

static int write_frame(struct writer *writer, const struct record *record, const char *comment)
{
	uint32_t caplen = record->caplen;

	if (writer->snaplen != 0 && caplen > writer->snaplen)
		caplen = writer->snaplen;
	return writer->format == WRITER_PCAP ? writer_pcap_frame(writer, record, caplen)
	                                     : writer_pcapng_frame(writer, record, caplen, comment);
}

/* A frame has found no room. If it is larger than the whole ring, nothing else is wrong: what the
 * ring holds can still be written. */
static int no_room(struct writer *writer, struct err *err)
{
	if (!writer->ring.bytes || writer->error != EFBIG)
		return say_failed(writer, err);
	writer->error = 0;
	return err_set(err, _("%s: a frame is larger than all that --ring keeps"), writer->name);
}

int writer_record(struct writer *writer, const struct record *record, const char *comment,
                  struct err *err)
{
	assert(record->linktype >= 0 && record->linktype < N_LINKTYPES);
	if (writer->error)
		return say_failed(writer, err);
	if (writer->format == WRITER_PCAP && writer->linktype >= 0 &&
	    writer->linktype != record->linktype)
		return second_linktype(writer, record->linktype, err);
	if (write_headers(writer, record->linktype) != 0 ||
	    write_frame(writer, record, comment) != 0)
		return no_room(writer, err);
	if (!writer->ring.bytes)
		writer->n_waiting++;
	return 0;
}

int writer_flush(struct writer *writer, struct err *err)
{
	return writer_drain(writer) == 0 ? 0 : say_failed(writer, err);
}

uint64_t writer_file_bytes(const struct writer *writer)
{
	return writer->n_bytes;
}

/* A file without frames gets its headers, for Ethernet: even an empty capture is valid. */
static void complete_headers(struct writer *writer)
{
	if (writer->linktype < 0 && writer->n_interfaces == 0 && !writer->error)
		(void)write_headers(writer, LINKTYPE_ETHERNET); /* an error is reported later */
}

int writer_next_file(struct writer *writer, int fd, const char *name, struct err *err)
{
	char *own_name = strdup(name);

	(void)writer_drain(writer); /* the test below reports */
	if (close(writer->fd) != 0 && !writer->error)
		writer->error = errno;
	writer->fd = fd;
	if (writer->error || !own_name) {
		free(own_name);
		return writer->error ? say_failed(writer, err)
		                     : err_set(err, _("%s: not enough memory"), name);
	}
	free(writer->name);
	writer->name = own_name;
	writer->file_len = start_of(fd);
	writer->n_bytes = 0;
	if (writer->ring.bytes) /* writes its own, when it is asked for */
		return 0;
	uint8_t *at = writer->head_len > 0 ? file_room(writer, writer->head_len) : NULL;
	if (at)
		memcpy(at, writer->head, writer->head_len);
	return writer_flush(writer, err);
}

int writer_write_ring(struct writer *writer, struct err *err)
{
	complete_headers(writer);
	int64_t n = writer->error ? -1 : 0;
	if (n == 0 && io_write_all(writer->fd, writer->head, writer->head_len) != 0)
		n = -1;
	if (n == 0)
		n = ring_write(writer, writer->fd);
	if (n < 0) {
		writer->error = writer->error ? writer->error : errno;
		return say_failed(writer, err);
	}
	writer->n_saved += (uint64_t)n;
	return 0;
}

uint64_t writer_count(const struct writer *writer)
{
	return writer->n_saved + (writer->error ? 0 : writer->n_waiting);
}

int writer_error(const struct writer *writer)
{
	return writer->error;
}

int writer_close(struct writer *writer, struct err *err)
{
	int status = 0;

	complete_headers(writer);
	(void)writer_drain(writer); /* the test below reports */
	if (close(writer->fd) != 0 && !writer->error)
		writer->error = errno; /* delayed writes: a full disk or quota on a server */
	if (writer->error)
		status = say_failed(writer, err);
	writer_free(writer);
	return status;
}
