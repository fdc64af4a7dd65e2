/* 30 compare, the server: it becomes one of those of labs 23 to 28, or server-loops (execve), with
 * as much room as this lab asks for. So that a run, or a comparison, can name a model and no path.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/net.h"

enum { MAX_WORDS = 12 };

/* A server of ours: where it is, from this program's own folder, and its options. */
static const struct model {
	const char *name, *path, *options[8];
} models[] = {
        {"blocking", "../23-blocking/server", {"-b", "4096"}},
        {"poll", "../24-non-blocking/server", {NULL}},
        {"spin", "../24-non-blocking/server-spin", {NULL}},
        {"fork", "../25-fork/server", {"-m", "12000"}},
        {"threads", "../26-threads/server", {"-m", "12000"}},
        {"epoll", "../27-epoll/server", {NULL}},
        {"loops", "server-loops", {NULL}},
        {"pipeline", "../28-pipeline/server", {"-w", "0", "-l", "0", "-q", "64"}},
};
enum { N_MODELS = sizeof models / sizeof *models };

static int print_usage(FILE *out)
{
	fprintf(out, "usage: server [-h] MODEL [host [port]]    (127.0.0.1 8080); MODEL is one of");
	for (int i = 0; i < N_MODELS; i++)
		fprintf(out, " %s", models[i].name);
	fprintf(out, "\n");
	return out == stdout ? 0 : 2;
}

/* Where this program lies, with a '/' at its end. */
static void find_folder(char *folder, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", folder, size - 1);
	if (n < 0)
		die("/proc/self/exe");
	folder[n] = '\0';
	strrchr(folder, '/')[1] = '\0';
}

static const struct model *find_model(const char *name)
{
	for (int i = 0; i < N_MODELS; i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

int main(int argc, char **argv)
{
	char folder[PATH_MAX], path[2 * PATH_MAX], name[] = "server";
	char *words[MAX_WORDS + 1] = {name};
	int n = 1;
	if (argc > 1 && strcmp(argv[1], "-h") == 0)
		return print_usage(stdout);
	const struct model *model = argc > 1 && argc <= 4 ? find_model(argv[1]) : NULL;
	if (!model)
		return print_usage(stderr);
	find_folder(folder, sizeof folder);
	(void)snprintf(path, sizeof path, "%s%s", folder, model->path); /* both fit */
	for (int i = 0; model->options[i]; i++)
		words[n++] = strdup(model->options[i]);
	for (int i = 2; i < argc; i++)
		words[n++] = argv[i];
	execv(path, words);
	die(path);
}
