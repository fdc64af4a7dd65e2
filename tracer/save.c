/* save.c: see save.h. Which file is next is rotate.h's business, opening it the opener's, its form
 * the writer's. */
#include "save.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum { MIB = 1024 * 1024, COMMENT_MAX = 4096, NAME_SIZE = 4096 };

static bool has_several(const struct options *o)
{
	return o->rotate_megabytes > 0 || o->rotate_seconds > 0 || o->ring_mib > 0;
}

int save_prepare(struct save *s, const struct options *o, struct err *err)
{
	if (!o->save || !has_several(o))
		return 0;
	s->ring = o->ring_mib > 0;
	s->rotate.config = (struct rotate_config){
	        .name = o->save,
	        .bytes = (uint64_t)o->rotate_megabytes * 1000000,
	        .seconds = o->rotate_seconds,
	        .files = (uint32_t)o->rotate_files,
	        .numbered = s->ring || o->rotate_megabytes > 0,
	};
	s->opener = opener_start(&s->rotate.config, err);
	return s->opener ? 0 : -1;
}

/* ---- the file's description ---- */

static void add_words(struct text *t, const struct options *o)
{
	for (int i = 0; i < o->argc; i++) {
		text_add_char(t, i > 0 ? ' ' : '\n');
		text_add_safe(t, o->argv[i], strlen(o->argv[i]));
	}
}

/* In English, as everything in a file. */
static void describe(struct writer *writer, const struct options *o)
{
	TEXT(comment, COMMENT_MAX);
	text_add(&comment, "Made by wirelab-trace " WIRELAB_VERSION);
	if (o->lab) {
		text_add(&comment, ", lab ");
		text_add_safe(&comment, o->lab, strlen(o->lab));
	}
	if (o->explain)
		text_add(&comment, ". The comment of each frame explains it.");
	add_words(&comment, o);
	writer_describe(writer, comment.bytes);
}

/* ---- opening ---- */

static int open_file(struct save *s, struct text *name, struct err *err)
{
	return opener_open(s->opener, s->rotate.since_s, s->rotate.number, name, err);
}

/* The file that is being read must not be emptied before it is. */
static bool is_the_input(const struct options *o, const struct stat *file)
{
	struct stat input;
	return o->file && stat(o->file, &input) == 0 && input.st_dev == file->st_dev &&
	       input.st_ino == file->st_ino;
}

static int open_named(const struct options *o, struct err *err)
{
	struct stat file;
	int fd = open(o->save, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || fstat(fd, &file) < 0)
		return err_errno(err, _("%s cannot be written"), o->save);
	if (!S_ISREG(file.st_mode))
		return fd;
	if (is_the_input(o, &file)) {
		(void)close(fd); /* nothing was written */
		return err_set(err, _("%s is the file that is read: save to another name"),
		               o->save);
	}
	return ftruncate(fd, 0) == 0 ? fd : err_errno(err, _("%s cannot be emptied"), o->save);
}

static int open_first(struct save *s, const struct options *o, int64_t now_ns, struct text *name,
                      struct err *err)
{
	if (s->opener && (now_ns > 0 || o->rotate_seconds == 0)) {
		rotate_start(&s->rotate, now_ns);
		return open_file(s, name, err);
	}
	text_add(name, o->save);
	if (s->opener) { /* nobody knows its name yet: what comes before the frames waits here */
		int waiting = memfd_create("head", MFD_CLOEXEC);
		return waiting >= 0 ? waiting : err_errno(err, "memfd_create");
	}
	if (strcmp(o->save, "-") != 0)
		return open_named(o, err);
	int fd = dup(STDOUT_FILENO);
	return fd >= 0 ? fd : err_errno(err, _("%s cannot be written"), o->save);
}

int save_open(struct save *s, const struct options *o, int fd, int64_t now_ns, struct err *err)
{
	enum writer_format format = writer_format_of(o->save);
	TEXT(name, NAME_SIZE);

	if (fd < 0)
		fd = open_first(s, o, now_ns, &name, err);
	else
		text_add(&name, o->save);
	if (fd < 0)
		return -1;
	s->writer = writer_open(fd, name.bytes, format, (uint32_t)o->snaplen, err);
	if (!s->writer)
		return -1;
	s->comments = format == WRITER_PCAPNG && o->explain;
	describe(s->writer, o);
	return s->ring ? writer_keep_last(s->writer, (size_t)o->ring_mib * MIB, err) : 0;
}

/* ---- frames ---- */

static int next_file(struct save *s, struct err *err)
{
	TEXT(name, NAME_SIZE);

	/* the next file may be this one: nothing may come into it once it is empty again */
	if (writer_flush(s->writer, err) < 0)
		return -1;
	int fd = open_file(s, &name, err);
	return fd < 0 ? -1 : writer_next_file(s->writer, fd, name.bytes, err);
}

/* Goes on in another file if it is time to. 0, or -1 with a message. */
static int rotate(struct save *s, int64_t time_ns, struct err *err)
{
	if (!s->rotate.started) {
		rotate_start(&s->rotate, time_ns);
		return next_file(s, err);
	}
	switch (rotate_step(&s->rotate, time_ns, writer_file_bytes(s->writer))) {
	case ROTATE_STAY:
		break;
	case ROTATE_NEXT:
		return next_file(s, err);
	case ROTATE_END:
		s->ended = true;
		break;
	}
	return 0;
}

int save_frame(struct save *s, const struct record *record, const char *comment, struct err *err)
{
	if (s->opener && !s->ring && rotate(s, record->time_ns, err) < 0)
		return -1;
	return s->ended ? 0 : writer_record(s->writer, record, comment, err);
}

int save_ring(struct save *s, struct err *err)
{
	if (s->written) {
		rotate_number(&s->rotate);
		if (next_file(s, err) < 0)
			return -1;
	}
	s->written = true;
	return writer_write_ring(s->writer, err);
}

int save_close(struct save *s, struct err *err)
{
	struct err first;
	int result = 0;

	if (s->writer && s->ring && !writer_error(s->writer))
		result = save_ring(s, &first);
	if (s->writer && writer_close(s->writer, err) < 0)
		result = -1;
	else if (result < 0)
		*err = first;
	s->writer = NULL;
	opener_close(s->opener);
	s->opener = NULL;
	return result;
}
