/* filter.c: one expression, compiled for each link type, since the place of the IP header depends
 * on it. The programs are run by libpcap's interpreter. It must not open anything once the first
 * record is matched: by then the process is confined. */
#include "capture/filter.h"

#include <linux/filter.h>
#include <pcap.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "capture/linktype.h"

enum { SNAPLEN = 262144, MAX_PROGRAMS = 256, OPTIMIZE = 1 };

/* The expression for one link type. */
struct program {
	int linktype;
	bool usable; /* compiled; else nothing of this type passes */
	bool said;   /* that it is not usable */
	struct bpf_program code;
};

struct filter {
	char *expression;         /* owned */
	struct program *programs; /* MAX_PROGRAMS of them */
	size_t n_programs;
	size_t latest; /* index of the program used last: the next record mostly wants the same */
};

/* Compiled for at the start. Ethernet is first: its answer is the one that people are told. */
static const int usual_linktypes[] = {
        1,   /* ETHERNET */
        0,   /* NULL: BSD loopback */
        101, /* RAW */
        12,  /* RAW, as some systems write it */
        14,  /* RAW, OpenBSD */
        108, /* LOOP */
        113, /* LINUX_SLL */
        276, /* LINUX_SLL2 */
        228, /* IPV4 */
        229, /* IPV6 */
        9,   /* PPP */
        50,  /* PPP_HDLC */
        51,  /* PPP_ETHER */
};

/* True if the program asks the kernel for what is in no file: the direction of a frame, or its
 * interface. libpcap compiles `inbound` so for most link types; run on a file it would just never
 * match. */
static bool asks_kernel(const struct bpf_program *code)
{
	for (unsigned i = 0; i < code->bf_len; i++) {
		const struct bpf_insn *step = &code->bf_insns[i];
		if (BPF_CLASS(step->code) == BPF_LD && BPF_MODE(step->code) == BPF_ABS &&
		    step->k >= (bpf_u_int32)SKF_AD_OFF)
			return true;
	}
	return false;
}

/* Compiles without a device. 0, or -1 and the reason in `why`. */
static int compile(const char *expression, struct program *program, struct err *why)
{
	pcap_t *dead = pcap_open_dead(linktype_to_dlt(program->linktype), SNAPLEN);

	if (!dead)
		return err_set(why, _("not enough memory"));
	int status = pcap_compile(dead, &program->code, expression, OPTIMIZE, PCAP_NETMASK_UNKNOWN);
	if (status != 0)
		(void)err_set(why, "%s", pcap_geterr(dead)); /* the status is returned below */
	pcap_close(dead);
	if (status != 0)
		return -1;
	program->usable = !asks_kernel(&program->code);
	if (program->usable)
		return 0;
	pcap_freecode(&program->code);
	return err_set(why, _("this link type does not record direction and interface"));
}

/* Compiles for one more link type. The new program, or NULL when there are too many. */
static struct program *add_program(struct filter *filter, int linktype, struct err *why)
{
	if (filter->n_programs == MAX_PROGRAMS)
		return NULL;
	struct program *program = &filter->programs[filter->n_programs++];
	program->linktype = linktype;
	(void)compile(filter->expression, program, why); /* program->usable says it */
	return program;
}

/* True if another link type would not help: the syntax is wrong or a name is not known. That saves
 * asking a name server that does not answer a dozen times. */
static bool wrong_everywhere(const struct err *why)
{
	return strstr(why->message, "syntax error") || strstr(why->message, "unknown ");
}

static int compile_usual(struct filter *filter, struct err *err)
{
	struct err why = {""};
	bool usable = false;

	for (size_t i = 0; i < sizeof usual_linktypes / sizeof usual_linktypes[0]; i++) {
		struct program *program = add_program(filter, usual_linktypes[i], &why);
		usable = usable || program->usable;
		if (i == 0 && !program->usable) {
			const char *hint = strstr(filter->expression, " -")
			                           ? _("options come before the filter")
			                           : _("see man 7 pcap-filter");
			(void)err_set(err, _("filter '%s': %s (%s)"), filter->expression,
			              why.message, hint); /* if none is usable */
			if (wrong_everywhere(&why))
				return -1;
		}
	}
	return usable ? 0 : -1;
}

static struct filter *filter_alloc(const char *expression)
{
	struct filter *filter = calloc(1, sizeof *filter);

	if (!filter)
		return NULL;
	filter->expression = strdup(expression);
	filter->programs = calloc(MAX_PROGRAMS, sizeof filter->programs[0]);
	if (filter->expression && filter->programs)
		return filter;
	filter_free(filter);
	return NULL;
}

struct filter *filter_new(const char *expression, struct err *err)
{
	struct filter *filter = filter_alloc(expression);

	if (!filter) {
		(void)err_set(err, _("not enough memory")); /* NULL says it failed */
		return NULL;
	}
	if (compile_usual(filter, err) == 0)
		return filter;
	filter_free(filter);
	return NULL;
}

/* The program for this link type, compiled now if it is a new one; NULL: there are too many. */
static struct program *program_for(struct filter *filter, int linktype, struct err *why)
{
	if (filter->programs[filter->latest].linktype == linktype)
		return &filter->programs[filter->latest];
	for (size_t i = 0; i < filter->n_programs; i++) {
		if (filter->programs[i].linktype != linktype)
			continue;
		filter->latest = i;
		return &filter->programs[i];
	}
	return add_program(filter, linktype, why);
}

/* The first record of a link type for which the expression makes no sense. */
static int say_unusable(const struct filter *filter, struct program *program, struct err *err)
{
	struct err why = {""};

	program->said = true;
	(void)compile(filter->expression, program, &why); /* once more, for its reason */
	return err_set(err, _("filter '%s': no frame of link type %d passes: %s"),
	               filter->expression, program->linktype, why.message);
}

int filter_match(struct filter *filter, const struct record *record, struct err *err)
{
	struct err why;

	if (!filter)
		return 1;
	struct program *program = program_for(filter, record->linktype, &why);
	if (!program)
		return 0;
	if (!program->usable)
		return program->said ? 0 : say_unusable(filter, program, err);
	struct pcap_pkthdr header = {.caplen = record->caplen, .len = record->wirelen};
	return pcap_offline_filter(&program->code, &header, record->data) != 0;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->n_programs; i++)
		if (filter->programs[i].usable)
			pcap_freecode(&filter->programs[i].code);
	free(filter->programs);
	free(filter->expression);
	free(filter);
}
