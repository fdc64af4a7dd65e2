/* log.c: see log.h. Lines wait in a buffer before they are written; a line is read back from there
 * while it has not been. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"

enum { MAX_RECORDS = 1 << 30 };

/* A file without a name: nothing is left behind, however we end. */
static int open_spool(const char *folder)
{
	char name[4096];
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (snprintf(name, sizeof name, "%s/wirelab-XXXXXX", folder) >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0 && unlink(name) < 0) {
		int error = errno;
		(void)close(fd); /* nothing was written */
		errno = error;
		return -1;
	}
	return fd;
}

int log_init(struct log *log, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	if (!folder || folder[0] == '\0')
		folder = "/tmp";
	log->blocks = NULL;
	log->n_blocks = log->room_blocks = log->n = 0;
	log->written = 0;
	log->n_waiting = 0;
	log->fd = open_spool(folder);
	if (log->fd < 0)
		return err_errno(err,
		                 _("cannot make a temporary file in %s (TMPDIR names another "
		                   "folder)"),
		                 folder);
	return 0;
}

void log_release(struct log *log)
{
	for (uint32_t i = 0; i < log->n_blocks; i++)
		free(log->blocks[i]);
	free(log->blocks);
	if (log->fd >= 0)
		(void)close(log->fd); /* nobody will read it again */
	log->blocks = NULL;
	log->n_blocks = log->n = 0;
	log->fd = -1;
}

/* ---- records ---- */

static int add_block(struct log *log)
{
	if (log->n_blocks == log->room_blocks) {
		uint32_t room = log->room_blocks ? 2 * log->room_blocks : 16;
		struct record **blocks = reallocarray(log->blocks, room, sizeof(struct record *));
		if (!blocks)
			return -1;
		log->blocks = blocks;
		log->room_blocks = room;
	}
	struct record *block = malloc(LOG_BLOCK * sizeof *block);
	if (!block)
		return -1;
	log->blocks[log->n_blocks++] = block;
	return 0;
}

static struct record *at(const struct log *log, uint32_t i)
{
	return &log->blocks[i / LOG_BLOCK][i % LOG_BLOCK];
}

const struct record *log_record(const struct log *log, uint32_t i)
{
	return at(log, i);
}

size_t log_resident(const struct log *log)
{
	return sizeof *log + log->room_blocks * sizeof(struct record *) +
	       (size_t)log->n_blocks * LOG_BLOCK * sizeof(struct record);
}

/* ---- lines ---- */

static int flush(struct log *log, struct err *err)
{
	if (io_write_all(log->fd, log->waiting, log->n_waiting) < 0)
		return err_errno(err, _("cannot keep more events in the temporary file"));
	log->written += log->n_waiting;
	log->n_waiting = 0;
	return 0;
}

static int add_line(struct log *log, const char *line, size_t n, struct err *err)
{
	if (n > sizeof log->waiting - log->n_waiting && flush(log, err) < 0)
		return -1;
	memcpy(log->waiting + log->n_waiting, line, n);
	log->n_waiting += n;
	return 0;
}

int log_append(struct log *log, const struct event *event, const char *line, size_t n,
               struct err *err)
{
	if (n > EVENT_LINE_MAX)
		return err_set(err, _("a line of %zu bytes is no event"), n);
	if (log->n == MAX_RECORDS)
		return err_set(err, _("too many events"));
	if (log->n == log->n_blocks * LOG_BLOCK && add_block(log) < 0)
		return err_errno(err, _("no memory for more events"));
	uint64_t line_at = log->written + log->n_waiting;
	if (add_line(log, line, n, err) < 0)
		return -1;
	struct record *record = at(log, log->n);
	*record = record_of(event);
	record->line_at = line_at;
	record->line_len = (uint32_t)n;
	log->n++;
	return 0;
}

void log_set_side(struct log *log, enum side side)
{
	struct record *record = at(log, log->n - 1);
	record->side = (uint8_t)side;
	record->bits |= RECORD_HAS_SIDE;
}

void log_set_calls(struct log *log, unsigned bits)
{
	struct record *record = at(log, log->n - 1);
	record->bits = (uint8_t)(record->bits | bits);
}

void log_mark_swapped(struct log *log)
{
	at(log, log->n - 1)->bits |= RECORD_SWAPPED;
}

void log_swap_roles(struct log *log, uint32_t i)
{
	struct record *record = at(log, i);
	uint8_t before = record->before[CLIENT], after = record->after[CLIENT];
	record->before[CLIENT] = record->before[SERVER];
	record->after[CLIENT] = record->after[SERVER];
	record->before[SERVER] = before;
	record->after[SERVER] = after;
	record->side = (uint8_t)side_other((enum side)record->side);
	record->bits ^= RECORD_SWAPPED;
}

/* Reads n bytes at `from` of the file, all of them. */
static int read_at(int fd, char *bytes, size_t n, uint64_t from)
{
	while (n > 0) {
		ssize_t got = pread(fd, bytes, n, (off_t)from);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		bytes += got;
		n -= (size_t)got;
		from += (uint64_t)got;
	}
	return 0;
}

ssize_t log_line(const struct log *log, uint32_t i, char *line, size_t size)
{
	const struct record *record = at(log, i);
	size_t n = record->line_len;
	if (n >= size) {
		errno = ENOSPC;
		return -1;
	}
	if (record->line_at >= log->written) /* a line lies in one of the two, never in both */
		memcpy(line, log->waiting + (record->line_at - log->written), n);
	else if (read_at(log->fd, line, n, record->line_at) < 0)
		return -1;
	line[n] = '\0';
	return (ssize_t)n;
}

int log_event(const struct log *log, uint32_t i, struct event *event)
{
	char line[EVENT_LINE_MAX + 1], fault[128];
	ssize_t n = log_line(log, i, line, sizeof line);
	if (n < 0) {
		*event = (struct event){.kind = EVENT_NOTE};
		return -1;
	}
	int status = event_read(event, line, (size_t)n, fault, sizeof fault);
	if (at(log, i)->bits & RECORD_SWAPPED)
		event_swap_roles(event);
	return status;
}
