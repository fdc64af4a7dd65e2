/* doctor.c: `wirelab doctor` says what works on this machine, and how to mend what does not. Each
 * check is one row of the table; each says what it found in a few words. */
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/hosts.h"
#include "runner/lab.h"
#include "runner/output.h"
#include "runner/place.h"
#include "runner/probe.h"

/* What the checks share. */
struct doctor {
	struct text found;         /* what the check has to say */
	bool any_lab;              /* the programs of one lab are built, or more */
	bool has_network;          /* a private network could be made */
	struct err mend;           /* how to mend it, where it is not always the same */
	char tracer[PATH_MAX + 1]; /* the path of wirelab-trace, "" when it is not there */
};

/* Says how a probe went; true if it works. */
static bool tried(struct doctor *doctor, int error)
{
	if (error != 0)
		text_add(&doctor->found, strerror(error));
	return error == 0;
}

static bool check_namespaces(struct doctor *doctor)
{
	int error = probe_namespaces();
	if (error != 0)
		(void)hosts_refused(error, &doctor->mend); /* it returns -1, always */
	doctor->has_network = error == 0;
	return tried(doctor, error);
}

/* What is tried inside a private network says nothing where there is none. */
static bool tried_inside(struct doctor *doctor, int error)
{
	if (error != 0 && !doctor->has_network) {
		text_add(&doctor->found, _("not known: there is no private network"));
		(void)err_set(&doctor->mend, "%s", _("first the private network, above"));
		return false;
	}
	return tried(doctor, error);
}

static bool check_capture_inside(struct doctor *doctor)
{
	return tried_inside(doctor, probe_capture_inside());
}

static bool check_capture_here(struct doctor *doctor)
{
	return tried(doctor, probe_capture_here(doctor->tracer));
}

static bool check_sock_diag(struct doctor *doctor)
{
	return tried(doctor, probe_sock_diag());
}

static bool check_ptrace(struct doctor *doctor)
{
	return tried(doctor, probe_ptrace());
}

static bool check_veth(struct doctor *doctor)
{
	return tried_inside(doctor, probe_veth());
}

static bool check_tracer(struct doctor *doctor)
{
	struct err err;
	if (place_program(doctor->tracer, sizeof doctor->tracer, "wirelab-trace", &err) == 0)
		return true;
	doctor->tracer[0] = '\0';
	text_add(&doctor->found, err.message);
	return false;
}

static bool check_labs(struct doctor *doctor)
{
	struct err err;
	struct catalogue *catalogue = catalogue_new(&err);
	if (catalogue == NULL) {
		text_add(&doctor->found, err.message);
		return false;
	}
	int n_built = 0;
	for (int i = 0; i < catalogue->n_labs; i++) {
		const struct lab *lab = &catalogue->labs[i];
		n_built += lab_is_built(lab, &lab->variants[0], CLIENT) &&
		           lab_is_built(lab, &lab->variants[0], SERVER);
	}
	bool all = n_built == catalogue->n_labs && n_built > 0;
	doctor->any_lab = n_built > 0;
	text_addf(&doctor->found, _("%d of %d built"), n_built, catalogue->n_labs);
	if (catalogue->n_bad > 0) {
		all = false;
		doctor->mend = catalogue->bad[0].err;
	}
	free(catalogue);
	return all;
}

static bool check_terminal(struct doctor *doctor)
{
	const char *term = getenv("TERM");
	struct winsize size;
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0 ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) {
		text_add(&doctor->found, _("output is plain text, 80 columns"));
		return false;
	}
	text_addf(&doctor->found, "%ux%u, %s", size.ws_col, size.ws_row, nl_langinfo(CODESET));
	return true;
}

static bool check_pager(struct doctor *doctor)
{
	(void)doctor; /* there is nothing to add */
	return getenv("PAGER") != NULL || probe_tool("less");
}

static bool check_wireshark(struct doctor *doctor)
{
	(void)doctor;
	return probe_tool("tshark") || probe_tool("wireshark");
}

enum check_id {
	CHECK_NAMESPACES,
	CHECK_CAPTURE_INSIDE,
	CHECK_CAPTURE_HERE,
	CHECK_TRACER,
	CHECK_LABS,
	CHECK_SOCK_DIAG,
	CHECK_PTRACE,
	CHECK_VETH,
	CHECK_TERMINAL,
	CHECK_PAGER,
	CHECK_WIRESHARK,
	N_CHECKS
};

/* In the order of the report: a later check may use what an earlier one found. */
static const struct check {
	enum check_id id;
	const char *name;
	bool (*check)(struct doctor *doctor);
	const char *mend; /* unless the check says it better */
} checks[] = {
        {CHECK_TRACER, N_("the tracer, wirelab-trace"), check_tracer, N_("make")},
        {CHECK_LABS, N_("lab programs"), check_labs, N_("make")},
        {CHECK_NAMESPACES, N_("a private network, without root"), check_namespaces, ""},
        {CHECK_CAPTURE_INSIDE, N_("capture inside it"), check_capture_inside,
         N_("a security module (AppArmor, SELinux) takes the namespace's "
            "rights away: allow wirelab `userns` there, or use sudo")},
        {CHECK_CAPTURE_HERE, N_("capture on real interfaces"), check_capture_here,
         N_("sudo make setcap (only `--host` and `wirelab trace -i` need it)")},
        {CHECK_SOCK_DIAG, N_("the kernel's list of sockets"), check_sock_diag,
         N_("sudo modprobe tcp_diag (the runner asks it whether the server listens)")},
        {CHECK_PTRACE, N_("ptrace"), check_ptrace,
         N_("sudo sysctl kernel.yama.ptrace_scope=1 (without it a run does not show calls)")},
        {CHECK_VETH, N_("virtual Ethernet (veth)"), check_veth,
         N_("sudo modprobe veth (only `--wire` needs it)")},
        {CHECK_TERMINAL, N_("terminal"), check_terminal,
         N_("run it in a terminal, with TERM set, to see colours and its full width")},
        {CHECK_PAGER, N_("a pager for long pages"), check_pager, N_("install less, or set PAGER")},
        {CHECK_WIRESHARK, N_("Wireshark, to open saved runs"), check_wireshark,
         N_("install tshark or wireshark (wirelab does not need it)")},
};
_Static_assert(sizeof checks / sizeof *checks == N_CHECKS, "each check once");

/* One line for what was found, one for how to mend it. */
static void print_check(const struct check *check, const struct doctor *doctor, bool ok)
{
	const char *mark = ok ? _("ok") : _("missing");
	if (doctor->found.len > 0)
		printf("%-8s %-34s %s\n", mark, _(check->name), doctor->found.bytes);
	else
		printf("%-8s %s\n", mark, _(check->name));
	if (ok)
		return;
	const char *mend = doctor->mend.message[0] != '\0' ? doctor->mend.message : _(check->mend);
	printf("         %s %s\n", _("mend:"), mend);
}

/* A lab needs its programs, and a place where they can be captured: a private network, or the
 * machine's own. */
static bool labs_can_run(const struct doctor *doctor, const bool *ok)
{
	bool inside = ok[CHECK_NAMESPACES] && ok[CHECK_CAPTURE_INSIDE];
	return ok[CHECK_TRACER] && doctor->any_lab && ok[CHECK_SOCK_DIAG] &&
	       (inside || ok[CHECK_CAPTURE_HERE]);
}

static int examine(void)
{
	bool ok[N_CHECKS] = {false};
	struct doctor doctor = {.tracer = ""};
	TEXT(found, 1024);
	for (size_t i = 0; i < N_CHECKS; i++) {
		text_clear(&found);
		doctor.found = found;
		doctor.mend.message[0] = '\0';
		(void)fflush(stdout); /* a child must not print it again; errors show at the end */
		ok[checks[i].id] = checks[i].check(&doctor);
		print_check(&checks[i], &doctor, ok[checks[i].id]);
	}
	bool fine = labs_can_run(&doctor, ok);
	printf("\n%s\n", !fine ? _("Labs cannot run here yet: see what is missing above.")
	                 : ok[CHECK_LABS]
	                         ? _("Labs can run here: wirelab run 01")
	                         : _("Not all labs can run here yet: see what is missing above."));
	return output_status() == 0 && fine ? 0 : 2;
}

int command_doctor(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option = getopt_long(argc, argv, "h", options, NULL);
	bool asked = option == 'h';
	if (option == -1 && optind == argc)
		return examine();
	fprintf(asked ? stdout : stderr, _("usage: wirelab doctor\n"
	                                   "Says what works on this machine, and how to mend what "
	                                   "does not.\n"
	                                   "Exit status: 0 labs can run, 2 they cannot.\n"));
	return asked ? 0 : 2;
}
