/* gen.c: writes large captures for the benchmarks, always the same for the same arguments:
 *
 *   gen bulk|short|lossy|flood|open SEGMENTS FILE [SNAPLEN [CONNECTIONS]]
 *
 * bulk: one connection, data both ways, an ACK for every second segment. short: many connections of
 * ten segments each (handshake, request, response, close), 64 of them at a time. lossy: bulk where
 * now and then a segment is lost, with duplicate ACKs and SACK, and sent again. flood: SYNs from
 * ever new addresses and ports, each answered, none acknowledged. open: CONNECTIONS that are open
 * all the time and speak in turn, two segments each. */
#include <stdlib.h>
#include <string.h>

#include "packets.h"

enum { MSS = 1448, AT_ONCE = 64 };

struct job {
	struct capture capture;
	uint8_t payload[MSS];
	uint64_t left; /* segments still to write */
	uint32_t n_connections;
};

/* Bytes that compress badly and look like no protocol. */
static void fill(struct job *job)
{
	uint32_t x = 2463534242; /* xorshift32 */
	for (size_t i = 0; i < sizeof job->payload; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		job->payload[i] = (uint8_t)x;
	}
}

static void data(struct job *job, struct talk *talk, enum end from, size_t len)
{
	talk_send(talk, from, len < MSS ? PSH | ACK : ACK, job->payload, len);
	job->left--;
}

static void ack(struct job *job, struct talk *talk, enum end from)
{
	talk_send(talk, from, ACK, NULL, 0);
	job->left--;
}

static void open_talk(struct job *job, struct talk *talk)
{
	*talk = talk_of(&job->capture, 4, 1, 2);
	talk->port[RIGHT] = 5201;
	talk->gap_ns = 8000;
	talk_handshake(talk);
	job->left -= 3;
}

static void bulk(struct job *job)
{
	struct talk talk;
	open_talk(job, &talk);
	for (unsigned turn = 0; job->left >= 3 + 3; turn++) {
		enum end from = turn % 8 == 7 ? RIGHT : LEFT;
		data(job, &talk, from, MSS);
		data(job, &talk, from, MSS);
		ack(job, &talk, !from);
	}
	talk_close(&talk, LEFT, 3);
}

/* One segment lost, five more that are answered by duplicate ACKs, then the one again. */
static void lose_one(struct job *job, struct talk *talk)
{
	uint32_t lost = talk->seq[LEFT];
	talk_lose(talk, LEFT, ACK, job->payload, MSS);
	for (int i = 0; i < 5; i++) {
		data(job, talk, LEFT, MSS);
		talk->sack[0][0] = lost + MSS;
		talk->sack[0][1] = talk->seq[LEFT];
		talk->n_sack = 1;
		ack(job, talk, RIGHT);
	}
	talk_resend(talk, LEFT, lost, ACK, job->payload, MSS);
	talk->got[RIGHT] = talk->seq[LEFT];
	ack(job, talk, RIGHT);
	job->left -= 2;
}

static void lossy(struct job *job)
{
	struct talk talk;
	open_talk(job, &talk);
	while (job->left >= 20 + 3) {
		lose_one(job, &talk);
		data(job, &talk, LEFT, MSS);
		data(job, &talk, LEFT, MSS);
		ack(job, &talk, RIGHT);
	}
	talk_close(&talk, LEFT, 3);
}

/* A connection's ten segments, one a call; the number of the next. */
static int short_step(struct job *job, struct talk *talk, int step)
{
	static const struct {
		enum end from;
		unsigned flags;
		size_t len;
	} segments[] = {
	        {LEFT, SYN, 0},         {RIGHT, SYN | ACK, 0}, {LEFT, ACK, 0},
	        {LEFT, PSH | ACK, 180}, {RIGHT, ACK, 0},       {RIGHT, PSH | ACK, 620},
	        {LEFT, ACK, 0},         {RIGHT, FIN | ACK, 0}, {LEFT, FIN | ACK, 0},
	        {RIGHT, ACK, 0},
	};
	talk_send(talk, segments[step].from, segments[step].flags, job->payload,
	          segments[step].len);
	if (step == 1)
		talk_scale(talk);
	job->left--;
	return (step + 1) % (int)(sizeof segments / sizeof *segments);
}

static struct talk next_talk(struct job *job, uint32_t n)
{
	struct talk talk = talk_of(&job->capture, 4, 1 + n % 250, 251);
	talk.port[LEFT] = (uint16_t)(1024 + n / 250 % 60000);
	talk.port[RIGHT] = 9000;
	talk.seq[LEFT] += n * 7919;
	talk.seq[RIGHT] += n * 104729;
	talk.gap_ns = 8000;
	return talk;
}

static void many_short(struct job *job)
{
	struct talk talks[AT_ONCE];
	int steps[AT_ONCE] = {0};
	uint32_t n = 0;
	while (job->left > 0) {
		for (unsigned i = 0; i < AT_ONCE && job->left > 0; i++) {
			if (steps[i] == 0)
				talks[i] = next_talk(job, n++);
			steps[i] = short_step(job, &talks[i], steps[i]);
		}
	}
}

static void flood(struct job *job)
{
	for (uint32_t n = 0; job->left >= 2; n++, job->left -= 2) {
		struct talk talk = next_talk(job, n);
		talk_send(&talk, LEFT, SYN, NULL, 0);
		talk_send(&talk, RIGHT, SYN | ACK, NULL, 0);
	}
}

/* What connection number n says in its turn number `turn`, from 0 on; made anew each time, so that
 * a million of them take no memory here. */
static void say(struct job *job, uint32_t n, uint32_t turn)
{
	enum { LEN = 100 };
	struct talk talk = next_talk(job, n);
	talk.seq[LEFT] += 1 + turn * LEN;
	talk.seq[RIGHT]++;
	talk.got[LEFT] = talk.seq[RIGHT];
	talk.got[RIGHT] = talk.seq[LEFT];
	talk_scale(&talk);
	data(job, &talk, LEFT, LEN);
	ack(job, &talk, RIGHT);
}

static void open_all(struct job *job)
{
	for (uint32_t n = 0; n < job->n_connections && job->left >= 3; n++, job->left -= 3) {
		struct talk talk = next_talk(job, n);
		talk_handshake(&talk);
	}
	for (uint64_t i = 0; job->left >= 2 && job->n_connections > 0; i++)
		say(job, (uint32_t)(i % job->n_connections), (uint32_t)(i / job->n_connections));
}

static const struct {
	const char *name;
	void (*write)(struct job *job);
} kinds[] = {{"bulk", bulk},
             {"short", many_short},
             {"lossy", lossy},
             {"flood", flood},
             {"open", open_all}};

int main(int argc, char **argv)
{
	static struct job job;
	for (size_t i = 0; argc >= 4 && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(argv[1], kinds[i].name) != 0)
			continue;
		uint32_t snaplen = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 65535;
		job.left = strtoull(argv[2], NULL, 10);
		job.n_connections = argc > 5 ? (uint32_t)strtoul(argv[5], NULL, 10) : 1000;
		if (job.left < 100 || snaplen == 0 || job.n_connections == 0)
			break;
		fill(&job);
		capture_create(&job.capture, argv[3], PCAP_MICRO, LINK_ETHERNET, snaplen);
		kinds[i].write(&job);
		capture_close(&job.capture);
		return 0;
	}
	(void)fputs("usage: gen bulk|short|lossy|flood|open SEGMENTS(100 or more) FILE [SNAPLEN "
	            "[CONNECTIONS]]\n",
	            stderr);
	return 2;
}
