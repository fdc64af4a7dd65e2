/* fuzz_lab.c: what a lab's author, or whoever sends a lab, may write. An even byte 0: a lab.conf,
 * whose questions are read too; an odd one: a page, rendered in a width and with colours that the
 * byte chooses. And the learner's progress file, which is text like any other: it is tried with
 * each. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "fuzz.h"
#include "runner/lab.h"
#include "runner/page.h"
#include "runner/progress_file.h"
#include "runner/question.h"

static char folder[] = "/dev/shm/wirelab-fuzz-XXXXXX";

static void remove_folder(void)
{
	char path[128];
	(void)snprintf(path, sizeof path, "%s/01-fuzz/lab.conf", folder);
	(void)unlink(path); /* what is left over is a small file in memory */
	(void)snprintf(path, sizeof path, "%s/01-fuzz", folder);
	(void)rmdir(path);
	(void)rmdir(folder);
}

/* The path of a lab.conf in a folder of its own, made when first asked for. */
static const char *conf_path(void)
{
	static char path[128];
	if (path[0])
		return path;
	CLAIM(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof path, "%s/01-fuzz", folder);
	CLAIM(mkdir(path, 0700) == 0);
	(void)snprintf(path, sizeof path, "%s/01-fuzz/lab.conf", folder);
	CLAIM(atexit(remove_folder) == 0);
	return path;
}

static void claim_string(const char *text, size_t size)
{
	CLAIM(memchr(text, '\0', size) != NULL);
}

/* Each question can be asked, or is refused with its name. */
static void read_questions(const struct lab *lab)
{
	static struct question question; /* large */
	CLAIM(lab->n_predictions <= LAB_MAX_PREDICTIONS);
	for (int i = 0; i < LAB_HINTS; i++)
		claim_string(lab->hints[i], LAB_LONG);
	for (int i = 0; i < lab->n_predictions; i++) {
		const struct lab_prediction *prediction = &lab->predictions[i];
		struct err err = {""};
		CLAIM(prediction->kind < N_PREDICTION_KINDS);
		if (question_read(&question, prediction, &err) < 0) {
			CLAIM(err.message[0] != '\0');
			continue;
		}
		CLAIM(question.n_items >= 1 && question.n_items <= QUESTION_PARTS);
		char item[QUESTION_TEXT];
		(void)question_accept(&question, prediction->ask, item); /* refused, or it fits */
		claim_string(item, sizeof item);
	}
}

/* What is read of a progress file can be written, and read again without a complaint. */
static void read_progress(const uint8_t *data, size_t size)
{
	struct progress progress;
	struct buffer out = {0};
	progress_parse(&progress, (const char *)data, size);
	claim_string(progress.failure, sizeof progress.failure);
	CLAIM(progress.n_predictions <= PROGRESS_PREDICTIONS);
	progress_format(&progress, &out);
	int n = progress.n_predictions;
	progress_parse(&progress, out.bytes, out.len);
	CLAIM(!progress.damaged && progress.n_predictions == n);
	buffer_release(&out);
}

static void read_conf(const uint8_t *data, size_t size)
{
	static struct lab lab; /* large */
	struct err err = {""};
	int fd = open(conf_path(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CLAIM(fd >= 0 && io_write_all(fd, data, size) == 0 && close(fd) == 0);
	memset(&lab, 0, sizeof lab);
	if (lab_read(&lab, conf_path(), &err) < 0) {
		CLAIM(err.message[0] != '\0');
		return;
	}
	CLAIM(lab.number == 1 && strcmp(lab.id, "01-fuzz") == 0);
	CLAIM(lab.n_variants >= 1 && lab.n_variants <= LAB_MAX_VARIANTS);
	CLAIM(lab.port >= 0 && lab.port <= 65535);
	claim_string(lab.title, sizeof lab.title);
	for (int i = 0; i < lab.n_variants; i++)
		for (int side = 0; side < N_SIDES; side++) {
			claim_string(lab.variants[i].command[side], LAB_TEXT);
			claim_string(lab.variants[i].input[side], LAB_TEXT);
		}
	read_questions(&lab);
}

/* What comes out is printable, whatever the source held. */
static void render(const uint8_t *data, size_t size, unsigned how)
{
	struct page_options options = {.width = 20 + how % 100, .color = how & 128};
	struct buffer out = {0};
	CLAIM(page_render(&out, (const char *)data, size, &options) == 0);
	int fd = fuzz_file((const uint8_t *)(out.bytes ? out.bytes : ""), out.len);
	fuzz_claim_output(fd);
	CLAIM(close(fd) == 0);
	buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > 1 << 16)
		return 0;
	read_progress(data + 1, size - 1);
	if (data[0] & 1)
		render(data + 1, size - 1, data[0]);
	else
		read_conf(data + 1, size - 1);
	return 0;
}
