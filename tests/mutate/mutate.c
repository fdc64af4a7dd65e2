/* mutate.c: captures changed in ways that no program would write, through the whole tracer:
 *
 *   mutate [-n MUTANTS] [-k FOLDER] [-s FOLDER] CAPTURE...
 *
 * For each capture about MUTANTS (600) changed files: fields that lie, flipped bits, cut ends;
 * always the same ones. Every sink shows them by turns. One line for each capture, "ok - NAME" or
 * "not ok"; -k keeps there the mutant that failed; -s saves there every 50th, for other programs to
 * read. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "capture/reader.h"
#include "fuzz/fuzz.h"
#include "pipeline.h"
#include "sites.h"

enum { MOST_BYTES = 1 << 20, MOST_FRAMES = 30, SAVE_EVERY = 50, N_WAYS = 16 };

/* What parent and child share: the mutant at hand, so that a dead child's can be kept. */
struct mutant {
	char what[160];
	unsigned number; /* of this capture's mutants */
	size_t size;
	uint8_t bytes[MOST_BYTES];
};

struct job {
	const char *keep, *save; /* folders, or NULL */
	size_t budget;
	const char *name; /* of the capture at hand, without its folder */
	uint8_t original[MOST_BYTES];
	size_t size;
	struct sites sites;
	struct mutant *mutant;
	double usual; /* seconds that the original takes */
	int out_fd;
};

/* ---- one file through the tracer ---- */

static void claim_lines(int fd)
{
	static struct event event; /* large */
	char why[256];
	off_t size = lseek(fd, 0, SEEK_END);
	if (size <= 0)
		return;
	char *all = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
	CLAIM(all != MAP_FAILED);
	CLAIM(all[size - 1] == '\n');
	for (char *at = all, *end = all + size; at < end;) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		CLAIM(event_read(&event, at, (size_t)(newline - at), why, sizeof why) == 0);
		at = newline + 1;
	}
	CLAIM(munmap(all, (size_t)size) == 0);
}

/* Also what the tracer saves, with its comments, must be a capture again. */
static void claim_saved(int fd, uint64_t n_frames)
{
	struct err err;
	struct record record;
	uint64_t n = 0;
	CLAIM(lseek(fd, 0, SEEK_SET) == 0);
	struct reader *reader = reader_open(fd, "saved", &err);
	CLAIM(reader != NULL);
	while (reader_next(reader, &record, &err) == 1)
		n++;
	CLAIM(n == n_frames);
	reader_close(reader);
}

static void read_file(struct pipeline *p, const uint8_t *bytes, size_t size)
{
	struct err err = {""};
	struct record record;
	int got;
	struct reader *reader = reader_open(fuzz_file(bytes, size), "F", &err);
	CLAIM(reader != NULL);
	if (p->out.save->writer)
		reader_on_meta(reader, pipeline_meta, p);
	while ((got = reader_next(reader, &record, &err)) == 1)
		CLAIM(pipeline_frame(p, &record));
	CLAIM(got == 0 || (got == -1 && err.message[0])); /* exit status 0 or 2 */
	reader_close(reader);
}

/* `way` chooses sink and options; the last of 16 saves too. */
static void trace(const struct job *job, const uint8_t *bytes, size_t size, unsigned way)
{
	static struct pipeline p; /* large */
	struct err err;
	bool saves = way % 16 == 15;
	struct save save = {.comments = saves};
	int saved = saves ? fuzz_file(NULL, 0) : -1;
	p = (struct pipeline){.stream = -1, .out.save = &save};
	fuzz_open_sink(&p.out.sinks[0], way % 16 | way / 16 % 16 << 4, job->out_fd);
	p.out.sink_open[0] = true;
	if (saves)
		save.writer = writer_open(dup(saved), "saved", WRITER_PCAPNG, 0, &err);
	CLAIM(pipeline_start(&p, 4, 1) == 0);
	read_file(&p, bytes, size);
	pipeline_end(&p);
	CLAIM(pipeline_close(&p) == 0);
	if (strcmp(p.out.sinks[0].type->name, "json") == 0)
		claim_lines(job->out_fd);
	if (saves)
		claim_saved(saved, p.n_passed);
	fuzz_claim_output(job->out_fd);
}

/* ---- mutants ---- */

static void save(const struct job *job, const char *folder, const char *what)
{
	char path[512];
	(void)snprintf(path, sizeof path, "%s/%u-%s", folder, job->mutant->number, job->name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0 || io_write_all(fd, job->mutant->bytes, job->mutant->size) < 0 || close(fd) < 0)
		perror(path);
	else if (what)
		printf("    kept: %s\n", path);
}

static double seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* this clock always exists */
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* No mutant may take much longer than its original. */
static void try(struct job *job)
{
	struct mutant *m = job->mutant;
	double start = seconds();
	trace(job, m->bytes, m->size, m->number);
	CLAIM(seconds() - start < 0.5 + 10 * job->usual);
	if (job->save && m->number % SAVE_EVERY == 0)
		save(job, job->save, NULL);
	m->number++;
}

static struct mutant *fresh(struct job *job, size_t size)
{
	memcpy(job->mutant->bytes, job->original, size);
	job->mutant->size = size;
	return job->mutant;
}

static uint32_t load(const uint8_t *at, const struct site *site)
{
	uint32_t value = 0;
	for (unsigned i = 0; i < site->size; i++)
		value = value << 8 | at[site->little ? site->size - 1u - i : i];
	return value;
}

static void store(uint8_t *at, const struct site *site, uint32_t value)
{
	for (unsigned i = 0; i < site->size; i++)
		at[site->little ? i : site->size - 1u - i] = (uint8_t)(value >> 8 * i);
}

enum { N_LIES = 10 };

static uint32_t lie(uint32_t true_value, unsigned size, unsigned which)
{
	uint32_t most = size == 4 ? UINT32_MAX : (UINT32_C(1) << 8 * size) - 1;
	uint32_t swapped = __builtin_bswap32(true_value) >> (32 - 8 * size);
	const uint32_t lies[N_LIES] = {
	        0,    1, true_value + 1, true_value - 1, true_value ^ (most / 2 + 1),
	        most, 4, most / 2,       swapped,        true_value + 4,
	};
	return lies[which] & most;
}

/* Every k-th of all lies, so that the budget is spread over the whole file. */
static void try_lies(struct job *job, size_t budget)
{
	size_t all = job->sites.n * N_LIES, step = all / budget + 1;
	for (size_t i = 0; i < all; i += step) {
		const struct site *site = &job->sites.all[i / N_LIES];
		uint32_t old = load(job->original + site->offset, site);
		uint32_t new = lie(old, site->size, (unsigned)(i % N_LIES));
		if (new == old)
			continue;
		struct mutant *m = fresh(job, job->size);
		store(m->bytes + site->offset, site, new);
		(void)snprintf(m->what, sizeof m->what, "byte %u, %s: %u instead of %u",
		               site->offset, site->what, new, old);
		try(job);
	}
}

static void try_flips(struct job *job, size_t budget)
{
	size_t step = job->size * 8 / budget | 1; /* odd: all eight bits have their turn */
	for (size_t i = 0; i < job->size * 8; i += step) {
		struct mutant *m = fresh(job, job->size);
		m->bytes[i / 8] ^= (uint8_t)(1 << i % 8);
		(void)snprintf(m->what, sizeof m->what, "byte %zu: bit %zu flipped", i / 8, i % 8);
		try(job);
	}
}

static void try_cuts(struct job *job, size_t budget)
{
	for (size_t i = 0; i < job->size; i += job->size / budget + 1) {
		struct mutant *m = fresh(job, i);
		(void)snprintf(m->what, sizeof m->what, "cut to %zu bytes", i);
		try(job);
	}
}

/* ---- one capture, in a process of its own ---- */

static void try_all(struct job *job)
{
	for (unsigned way = 0; way < N_WAYS; way++) {
		double start = seconds();
		trace(job, job->original, job->size, way);
		double took = seconds() - start;
		job->usual = took > job->usual ? took : job->usual;
	}
	try_lies(job, job->budget / 2);
	try_flips(job, job->budget / 4);
	try_cuts(job, job->budget / 4);
}

/* Reads the file and shortens it to its first frames. False: not a file to change. */
static bool load_capture(struct job *job, const char *path)
{
	const char *slash = strrchr(path, '/');
	job->name = slash ? slash + 1 : path;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = io_read_full(fd, job->original, sizeof job->original);
	(void)close(fd); /* it was only read */
	if (n <= 0)
		return false;
	sites_find(&job->sites, job->original, (size_t)n, MOST_FRAMES);
	job->size = job->sites.end;
	return true;
}

/* True when all claims held. */
static bool try_capture(struct job *job, const char *path)
{
	int status;
	if (!load_capture(job, path)) {
		printf("not ok - %s cannot be read\n", path);
		return false;
	}
	job->mutant->number = 0;
	job->mutant->what[0] = '\0';
	job->usual = 0;
	(void)fflush(stdout); /* or the child would print it too */
	pid_t child = fork();
	if (child == 0) {
		try_all(job);
		_exit(0);
	}
	bool fine = child > 0 && waitpid(child, &status, 0) == child && status == 0;
	printf("%s - %s: %u mutants%s%s\n", fine ? "ok" : "not ok", job->name, job->mutant->number,
	       fine ? "" : ", then: ", fine ? "" : job->mutant->what);
	if (!fine && job->keep)
		save(job, job->keep, job->mutant->what);
	return fine;
}

int main(int argc, char **argv)
{
	static struct job job; /* large */
	bool fine = true;
	int option;
	(void)setvbuf(stdout, NULL, _IOLBF, 0); /* others may print beside us: whole lines */
	job.budget = 600;
	while ((option = getopt(argc, argv, "n:k:s:")) != -1) {
		if (option == 'n')
			job.budget = strtoul(optarg, NULL, 10);
		else if (option == 'k')
			job.keep = optarg;
		else if (option == 's')
			job.save = optarg;
		else
			return 2;
	}
	job.mutant = mmap(NULL, sizeof *job.mutant, PROT_READ | PROT_WRITE,
	                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	job.out_fd = memfd_create("output", MFD_CLOEXEC);
	if (job.mutant == MAP_FAILED || job.out_fd < 0 || job.budget < 4) {
		perror("mutate");
		return 2;
	}
	for (int i = optind; i < argc; i++)
		fine &= try_capture(&job, argv[i]);
	return fine ? 0 : 1;
}
