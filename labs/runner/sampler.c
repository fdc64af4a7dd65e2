/* sampler.c: see sampler.h. Knows neither netlink's messages (sample.c) nor what the samples are
 * compared with (the tracer does that). */
#include "runner/sampler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runner/clock.h"
#include "runner/sample.h"

/* Where there are thousands of sockets the kernel takes long to list them: no more than this part
 * of all time goes into looking. */
enum { SHARE = 20 };

/* ---- what is news ---- */

static bool is_loss(const struct kernel_event *a, const struct kernel_event *b)
{
	return a->retransmits != b->retransmits || a->probes != b->probes ||
	       a->backoff != b->backoff || a->lost != b->lost || a->retrans != b->retrans ||
	       a->total_retrans != b->total_retrans;
}

/* A timer that counts down, and a round trip that was measured again, are none. */
static bool is_figures(const struct kernel_event *a, const struct kernel_event *b)
{
	return a->timer != b->timer || a->snd_cwnd != b->snd_cwnd ||
	       a->snd_ssthresh != b->snd_ssthresh || a->snd_mss != b->snd_mss ||
	       a->unacked != b->unacked || a->sacked != b->sacked ||
	       a->send_queue != b->send_queue || a->receive_queue != b->receive_queue ||
	       strcmp(a->congestion, b->congestion) != 0;
}

bool sampler_is_news(const struct kernel_event *told, const struct kernel_event *now,
                     enum kernel_news *news)
{
	if (told->state != now->state)
		*news = KERNEL_NEWS_STATE;
	else if (is_loss(told, now))
		*news = KERNEL_NEWS_LOSS;
	else if (is_figures(told, now))
		*news = KERNEL_NEWS_FIGURES;
	else
		return false;
	return true;
}

/* ---- the sockets that were told of ---- */

static bool same_socket(const struct kernel_event *a, const struct kernel_event *b)
{
	return a->host == b->host && endpoint_equal(&a->local, &b->local) &&
	       endpoint_equal(&a->remote, &b->remote);
}

static struct sampled *find(struct sampler *sampler, const struct kernel_event *sample)
{
	for (int i = 0; i < SAMPLER_SOCKETS; i++) {
		struct sampled *s = &sampler->all[i];
		if (s->used && same_socket(&s->told, sample))
			return s;
	}
	return NULL;
}

/* A place for a new socket. When there is none, one in TIME-WAIT, where nothing happens any more,
 * makes room for one that lives. */
static struct sampled *place_for(struct sampler *sampler, const struct kernel_event *sample)
{
	struct sampled *waiting = NULL;
	for (int i = 0; i < SAMPLER_SOCKETS; i++) {
		struct sampled *s = &sampler->all[i];
		if (!s->used)
			return s;
		if (s->told.state == TCP_TIME_WAIT && !s->is_news)
			waiting = s;
	}
	if (!sampler->overflowed)
		report_note(sampler->report,
		            "there are more than %d TCP sockets: the kernel's figures of the "
		            "others are not shown",
		            SAMPLER_SOCKETS);
	sampler->overflowed = true;
	return sample->state == TCP_TIME_WAIT ? NULL : waiting;
}

/* In one network both ends are in one list. The lab's port is the server's; of other connections
 * the end is the server that was accepted where some socket listens, and it remains so when nobody
 * listens there any more. */
static enum side host_of(const struct sampler *sampler, const struct kernel_event *sample)
{
	enum side host = CLIENT;
	if (sampler->hosts.diag[SERVER])
		return sampler->host;
	if (sample->local.port == sampler->hosts.port || sample->state == TCP_LISTEN)
		return SERVER;
	for (int i = 0; i < SAMPLER_SOCKETS && sample->remote.port != sampler->hosts.port; i++) {
		const struct kernel_event *told = &sampler->all[i].told;
		if (!sampler->all[i].used || told->local.port != sample->local.port)
			continue;
		if (endpoint_equal(&told->local, &sample->local) &&
		    endpoint_equal(&told->remote, &sample->remote))
			return told->host;
		if (told->state == TCP_LISTEN)
			host = SERVER;
	}
	return host;
}

static bool is_wanted(const struct sampler *sampler, const struct kernel_event *sample)
{
	uint16_t port = sampler->hosts.port;
	return !sampler->hosts.only_port || sample->local.port == port ||
	       sample->remote.port == port;
}

void sampler_look_begins(struct sampler *sampler, int64_t time_ns)
{
	sampler->time_ns = time_ns;
	for (int i = 0; i < SAMPLER_SOCKETS; i++)
		sampler->all[i].seen = false;
}

void sampler_take(struct sampler *sampler, const struct kernel_event *sample)
{
	struct kernel_event now = *sample;
	now.news = KERNEL_NEWS_STATE;
	if (!is_wanted(sampler, sample))
		return;
	now.host = host_of(sampler, sample);
	struct sampled *s = find(sampler, &now);
	if (s && s->seen)
		return; /* two that listen on one port (SO_REUSEPORT) have one name */
	bool known = s != NULL;
	if (!known)
		s = place_for(sampler, &now);
	if (!s)
		return;
	s->seen = true;
	if (known && !sampler_is_news(&s->told, &now, &now.news))
		return;
	s->used = s->is_news = true;
	s->told = now;
}

static void mark_gone(struct sampled *s)
{
	struct kernel_event gone = {.stream = -1, .state = TCP_CLOSED, .news = KERNEL_NEWS_STATE};
	gone.host = s->told.host;
	gone.local = s->told.local;
	gone.remote = s->told.remote;
	s->told = gone;
	s->is_news = true;
}

void sampler_look_ends(struct sampler *sampler, bool whole)
{
	for (int i = 0; i < N_SIDES * SAMPLER_SOCKETS; i++) {
		struct sampled *s = &sampler->all[i % SAMPLER_SOCKETS];
		if ((int)s->told.host != i / SAMPLER_SOCKETS || !s->used)
			continue;
		if (whole && !s->seen)
			mark_gone(s);
		if (s->is_news)
			report_kernel(sampler->report, &s->told, sampler->time_ns);
		s->is_news = false;
		s->used = s->told.state != TCP_CLOSED;
	}
}

/* ---- when to look ---- */

static void on_sample(const struct kernel_event *sample, void *data)
{
	sampler_take(data, sample);
}

/* Whoever is refused once is refused always. */
static void give_up(struct sampler *sampler, const struct err *err)
{
	report_note(sampler->report, "what the kernel says of its sockets is not shown: %s",
	            err->message);
	sampler_end(sampler);
}

void sampler_look_now(struct sampler *sampler)
{
	struct err err;
	bool whole = true;
	if (!sampler->on)
		return;
	int64_t began_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID); /* not what others take meanwhile */
	sampler->due_ns = clock_ns(CLOCK_MONOTONIC) + sampler->every_ns;
	if (!report_has_room(sampler->report))
		return; /* what is news now will still be */
	sampler_look_begins(sampler, report_now());
	for (int host = 0; host < N_SIDES; host++) {
		sampler->host = (enum side)host;
		if (!sampler->hosts.diag[host] ||
		    sample_all(sampler->hosts.diag[host], on_sample, sampler, &err) == 0)
			continue;
		if (errno != EINTR) {
			give_up(sampler, &err);
			return;
		}
		whole = false; /* the list has changed meanwhile: it may be short of something */
	}
	sampler_look_ends(sampler, whole);
	int64_t took_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began_ns;
	sampler->every_ns = took_ns * SHARE > SAMPLER_EVERY_NS ? took_ns * SHARE : SAMPLER_EVERY_NS;
	sampler->due_ns = clock_ns(CLOCK_MONOTONIC) + sampler->every_ns;
}

static void earn(struct sampler *sampler, int64_t now_ns)
{
	int64_t n = (now_ns - sampler->earned_ns) / sampler->every_ns;
	if (n <= 0)
		return;
	sampler->earned_ns = now_ns;
	sampler->in_store =
	        n < SAMPLER_BURST - sampler->in_store ? sampler->in_store + (int)n : SAMPLER_BURST;
}

void sampler_look(struct sampler *sampler, int64_t now_ns, bool event)
{
	if (!sampler->on)
		return;
	earn(sampler, now_ns);
	bool takes = event && sampler->in_store > 0;
	if (!takes && now_ns < sampler->due_ns)
		return;
	if (takes)
		sampler->in_store--;
	sampler_look_now(sampler);
}

int sampler_wait_ms(const struct sampler *sampler, int64_t now_ns)
{
	if (!sampler->on)
		return -1;
	int64_t left = sampler->due_ns - now_ns;
	return left < 0 ? 0 : (int)((left + NS_PER_MS - 1) / NS_PER_MS);
}

void sampler_begin(struct sampler *sampler, struct report *report,
                   const struct sampler_hosts *hosts)
{
	*sampler = (struct sampler){
	        .report = report,
	        .hosts = *hosts,
	        .all = calloc(SAMPLER_SOCKETS, sizeof *sampler->all),
	        .every_ns = SAMPLER_EVERY_NS,
	        .in_store = SAMPLER_BURST,
	};
	sampler->on = sampler->all != NULL;
	if (!sampler->on)
		report_note(report, "what the kernel says of its sockets is not shown: no memory");
}

void sampler_end(struct sampler *sampler)
{
	free(sampler->all);
	sampler->all = NULL;
	sampler->on = false;
}
