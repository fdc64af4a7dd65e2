/* live.c: one libpcap handle on one interface. Frames wait in a ring that kernel and process share
 * (TPACKET_V3): a block of them is handed over when it is full or 10 ms old. It must not know what
 * is in a frame. */
#include "capture/live.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <pcap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/vocab.h"
#include "capture/interfaces.h"
#include "capture/linktype.h"

enum { BLOCK_TIMEOUT_MS = 10, LAST_FRAMES_MS = 3 * BLOCK_TIMEOUT_MS, OPTIMIZE = 1 };

static const char any_interface[] = "any";

struct live {
	pcap_t *pcap;
	char *interface; /* owned */
	int asking_fd;   /* for questions about the interface; -1 for "any", which stays */
	int fd;          /* to poll; belongs to pcap */
	int linktype;
	int64_t unit_ns; /* of the fraction in a time stamp */
	bool ending;     /* the interface is down or gone, its last frames were waited for */
	struct pcap_stat last;
	struct live_statistics counts;
};

/* ---- opening ---- */

static int no_such_interface(const char *name, struct err *err)
{
	TEXT(names, 300);

	interface_names(&names);
	return err_set(err, _("there is no interface '%s'; there are: %s"), name, names.bytes);
}

/* libpcap's refusal as a sentence that says what to do. Returns -1. */
static int say_refused(const struct live *live, int status, struct err *err)
{
	const char *name = live->interface;
	bool exists = if_nametoindex(name) != 0 || strcmp(name, any_interface) == 0;

	if (!exists && (status == PCAP_ERROR_NO_SUCH_DEVICE || status == PCAP_ERROR_PERM_DENIED))
		return no_such_interface(name, err);
	if (status == PCAP_ERROR_PERM_DENIED)
		return err_set(
		        err,
		        _("no permission to capture on %s: you need CAP_NET_RAW. Run as "
		          "root, or give the program the capability once with `sudo make "
		          "setcap`, or use `wirelab run` without --host, which needs no privilege"),
		        name);
	if (status == PCAP_ERROR_PROMISC_PERM_DENIED)
		return err_set(err,
		               _("no permission for promiscuous mode on %s: run as root, or "
		                 "capture without it"),
		               name);
	if (status == PCAP_ERROR_IFACE_NOT_UP)
		return err_set(err, _("interface %s is down; `ip link set %s up` brings it up"),
		               name, name);
	const char *why = pcap_geterr(live->pcap);
	return err_set(err, _("cannot capture on %s: %s"), name,
	               why[0] ? why : pcap_statustostr(status));
}

/* The options that libpcap takes before it starts. They can fail only on a handle that is already
 * active, which this one is not; a precision that is not there leaves microseconds. */
static void configure(struct live *live, const struct live_options *options)
{
	pcap_t *pcap = live->pcap;
	bool sees_all = live->asking_fd < 0 || interface_sees_all(live->asking_fd, live->interface);
	int buffer_kib =
	        options->buffer_kib < INT_MAX / 1024 ? options->buffer_kib : INT_MAX / 1024;

	(void)pcap_set_snaplen(pcap, options->snaplen);
	(void)pcap_set_promisc(pcap, options->promiscuous && !sees_all);
	(void)pcap_set_timeout(pcap, BLOCK_TIMEOUT_MS);
	(void)pcap_set_immediate_mode(pcap, options->immediate);
	(void)pcap_set_buffer_size(pcap, buffer_kib * 1024);
	(void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
}

static int attach_filter(struct live *live, const char *expression, struct err *err)
{
	struct bpf_program program;

	if (!expression || !expression[0])
		return 0;
	if (pcap_compile(live->pcap, &program, expression, OPTIMIZE, PCAP_NETMASK_UNKNOWN) != 0)
		return err_set(err, _("filter '%s': %s (see man 7 pcap-filter)"), expression,
		               pcap_geterr(live->pcap));
	int status = pcap_setfilter(live->pcap, &program);
	pcap_freecode(&program);
	if (status != 0)
		return err_set(err, _("filter '%s': the kernel does not take it: %s"), expression,
		               pcap_geterr(live->pcap));
	return 0;
}

/* The handle is active: what it turned out to be. */
static int learn(struct live *live, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE];
	int precision = pcap_get_tstamp_precision(live->pcap);

	live->unit_ns = precision == PCAP_TSTAMP_PRECISION_NANO ? 1 : NS_PER_US;
	live->linktype = linktype_of_dlt(pcap_datalink(live->pcap));
	live->fd = pcap_get_selectable_fd(live->pcap);
	if (live->fd < 0)
		return err_set(err, _("cannot capture on %s: it has no descriptor to wait on"),
		               live->interface);
	if (pcap_setnonblock(live->pcap, 1, why) != 0)
		return err_set(err, _("cannot capture on %s: %s"), live->interface, why);
	return 0;
}

static int start(struct live *live, const struct live_options *options, struct err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";

	live->pcap = pcap_create(options->interface, why);
	if (!live->pcap)
		return err_set(err, _("cannot capture on %s: %s"), live->interface, why);
	configure(live, options);
	int status = pcap_activate(live->pcap);
	if (status < 0) /* above 0: a warning, the capture runs */
		return say_refused(live, status, err);
	if (live->asking_fd <
	    0) /* "any": version 2 also tells the interface; else version 1 stays */
		(void)pcap_set_datalink(live->pcap, DLT_LINUX_SLL2);
	if (attach_filter(live, options->filter, err) != 0)
		return -1;
	return learn(live, err);
}

struct live *live_open(const struct live_options *options, struct err *err)
{
	struct live *live = calloc(1, sizeof *live);
	bool any = strcmp(options->interface, any_interface) == 0;

	if (live) {
		live->interface = strdup(options->interface);
		live->asking_fd = any ? -1 : interface_socket();
	}
	if (!live || !live->interface)
		(void)err_set(err, _("not enough memory")); /* NULL says it failed */
	else if (start(live, options, err) == 0)
		return live;
	live_close(live);
	return NULL;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	if (live->pcap)
		pcap_close(live->pcap);
	if (live->asking_fd >= 0)
		(void)close(live->asking_fd); /* nothing was written to it */
	free(live->interface);
	free(live);
}

/* ---- running ---- */

static void fill_record(const struct live *live, const struct pcap_pkthdr *header,
                        const uint8_t *data, struct record *record)
{
	record->time_ns = header->ts.tv_sec * NS_PER_SECOND + header->ts.tv_usec * live->unit_ns;
	record->linktype = live->linktype;
	record->interface = 0;
	record->options_len = 0;
	record->caplen = header->caplen;
	record->wirelen = header->len < header->caplen ? header->caplen : header->len;
	record->data = data;
}

static int say_ended(const struct live *live, struct err *err)
{
	return err_set(err, _("the capture on %s has ended: %s"), live->interface,
	               pcap_geterr(live->pcap));
}

/* What libpcap has: 1, 0 or -1 with a message. Its copy of the frame stays until the next call. */
static int take(struct live *live, struct record *record, struct err *err)
{
	struct pcap_pkthdr *header;
	const uint8_t *data;
	int got = pcap_next_ex(live->pcap, &header, &data);

	if (got == 0)
		return 0;
	if (got != 1)
		return say_ended(live, err);
	fill_record(live, header, data, record);
	return 1;
}

/* libpcap waits for an interface that is down to come back; a trace that says nothing for ever
 * helps nobody, so it ends here. 0 while the interface is up, else -1 with a message. */
static int still_there(const struct live *live, struct err *err)
{
	if (live->asking_fd < 0)
		return 0;
	switch (interface_state(live->asking_fd, live->interface)) {
	case INTERFACE_UP:
		return 0;
	case INTERFACE_DOWN:
		return err_set(err, _("the capture has ended: interface %s went down"),
		               live->interface);
	case INTERFACE_GONE:
		break;
	}
	return err_set(err, _("the capture has ended: interface %s is gone"), live->interface);
}

int live_next(struct live *live, struct record *record, struct err *err)
{
	int got = take(live, record, err);

	if (got != 0)
		return got;
	if (still_there(live, err) == 0)
		return 0;
	if (!live->ending) { /* frames may wait in a block that is not yet handed over */
		live->ending = true;
		(void)io_wait_readable(live->fd, LAST_FRAMES_MS); /* what comes is seen below */
		got = take(live, record, err);
	}
	return got != 0 ? got : still_there(live, err);
}

/* On its way through libpcap. */
struct hand_over {
	struct live *live;
	live_take_fn *take;
	void *arg;
};

static void hand_over(unsigned char *user, const struct pcap_pkthdr *header,
                      const unsigned char *data)
{
	const struct hand_over *to = (const void *)user;
	struct record record;

	fill_record(to->live, header, data, &record);
	if (!to->take(to->arg, &record))
		pcap_breakloop(to->live->pcap);
}

int live_read(struct live *live, int most, live_take_fn *take_frame, void *arg, struct err *err)
{
	struct hand_over to = {live, take_frame, arg};
	int n = pcap_dispatch(live->pcap, most, hand_over, (unsigned char *)&to);
	struct record last;

	if (n > 0 || n == PCAP_ERROR_BREAK) /* a break that was asked for after the last frame */
		return n > 0 ? n : 0;
	if (n < 0)
		return say_ended(live, err);
	int got = live_next(live, &last, err); /* none: is the interface still there? */
	if (got != 1)
		return got;
	(void)take_frame(arg, &last); /* it stops by itself if it wants to */
	return 1;
}

int live_fd(const struct live *live)
{
	return live->fd;
}

int live_linktype(const struct live *live)
{
	return live->linktype;
}

/* libpcap's counters are 32 bits wide; the differences add up in 64. */
struct live_statistics live_statistics(struct live *live)
{
	struct pcap_stat now;

	if (pcap_stats(live->pcap, &now) != 0)
		return live->counts; /* what is known */
	live->counts.received += now.ps_recv - live->last.ps_recv;
	live->counts.dropped += now.ps_drop - live->last.ps_drop;
	live->counts.dropped_by_interface += now.ps_ifdrop - live->last.ps_ifdrop;
	live->last = now;
	return live->counts;
}
