/* The judge of expectations, each kind both ways, on runs that are told segment by segment: flow
 * makes the segments and connections that the tracer would. */
#include "segments.h"

#include <sys/mman.h>
#include <unistd.h>

#include "runner/expect.h"

enum { MOST = 64, RAW_IP = 101, IP_HEADER = 20, TCP_HEADER = 20, UDP_HEADER = 8 };

struct story {
	struct wire wire;
	struct event events[MOST];
	size_t n;
	uint64_t call_id;
};

static struct event *add(struct story *s, enum event_kind kind)
{
	assert_true(s->n < MOST);
	struct event *e = &s->events[s->n];
	*e = (struct event){.kind = kind, .number = ++s->n, .time_ns = s->wire.now_ns};
	return e;
}

static void take_reports(struct story *s, int before)
{
	for (int i = before; i < s->wire.n_reports; i++)
		add(s, EVENT_CONNECTION)->connection = s->wire.reports[i % WIRE_REPORTS];
}

/* A frame of raw IP around the payload, as the stream carries it. */
static void put_bytes(struct event *e, uint8_t protocol, size_t header, const char *payload,
                      size_t n)
{
	size_t total = IP_HEADER + header + n;
	e->linktype = RAW_IP;
	e->caplen = e->wirelen = (uint32_t)total;
	e->n_bytes = (uint16_t)(total < EVENT_BYTES_MAX ? total : EVENT_BYTES_MAX);
	uint8_t frame[2048] = {0x45, 0, (uint8_t)(total >> 8), (uint8_t)total};
	frame[8] = 64;
	frame[9] = protocol;
	if (protocol == 6)
		frame[IP_HEADER + 12] = 0x50; /* data offset */
	else
		frame[IP_HEADER + 5] = (uint8_t)(header + n); /* length */
	memcpy(frame + IP_HEADER + header, payload, n);
	memcpy(e->bytes, frame, e->n_bytes);
}

/* A segment, with its payload if there is one. */
static void told(struct story *s, const char *line, const char *payload)
{
	int before = s->wire.n_reports;
	(void)wire_send(&s->wire, line);
	take_reports(s, before);
	struct event *e = add(s, EVENT_SEGMENT);
	e->segment = s->wire.last;
	e->frame = s->wire.frame;
	if (payload)
		put_bytes(e, 6, TCP_HEADER, payload, strlen(payload));
}

static void call(struct story *s, enum side side, const char *name, enum call_action action,
                 int64_t result, int32_t error)
{
	struct event *e = add(s, EVENT_CALL);
	e->call = (struct call_event){
	        .action = action, .host = side, .result = result, .error = error};
	(void)snprintf(e->call.name, sizeof e->call.name, "%s", name);
	e->call.id = action == CALL_ENTERED ? ++s->call_id : s->call_id;
	e->call.enter_ns = e->time_ns - 2 * NS_PER_MS;
	e->call.local = s->wire.ends[side];
	e->call.remote = s->wire.ends[side_other(side)];
}

static void program(struct story *s, enum side side, enum program_action action, int32_t status)
{
	struct event *e = add(s, EVENT_PROGRAM);
	e->program = (struct program_event){.action = action, .host = side, .status = status};
}

static void said(struct story *s, enum side side, const char *words)
{
	struct event *e = add(s, EVENT_OUTPUT);
	e->output.host = side;
	(void)snprintf(e->output.text, sizeof e->output.text, "%s", words);
}

static void datagram(struct story *s, enum side from, const char *payload)
{
	struct event *e = add(s, EVENT_DATAGRAM);
	e->datagram.src = s->wire.ends[from];
	e->datagram.dst = s->wire.ends[side_other(from)];
	e->datagram.len = (uint32_t)strlen(payload);
	put_bytes(e, 17, UDP_HEADER, payload, strlen(payload));
	s->wire.now_ns += NS_PER_MS;
}

/* True, with where it is shown in *shown. */
static bool judge(struct story *s, const char *words, struct expect_verdict *verdict)
{
	struct expectation x;
	struct err err;
	const struct expect_run run = {.events = s->events, .n = s->n, .port = 80};
	if (expect_parse(&x, words, &err) < 0)
		fail_msg("%s: %s", words, err.message);
	expect_eval(&x, &run, verdict);
	assert_true(verdict->holds || verdict->observed[0] != '\0');
	return verdict->holds;
}

static void holds(struct story *s, const char *words)
{
	struct expect_verdict verdict;
	if (!judge(s, words, &verdict))
		fail_msg("does not hold: %s: %s", words, verdict.observed);
}

static void fails(struct story *s, const char *words, const char *observed)
{
	struct expect_verdict verdict;
	if (judge(s, words, &verdict))
		fail_msg("holds: %s", words);
	if (!strstr(verdict.observed, observed))
		fail_msg("%s: observed: %s", words, verdict.observed);
}

static void open_connection(struct story *s)
{
	told(s, "C S 0:0(0) win 1000", NULL);
	told(s, "S SA 0:0(0) ack 1 win 2000", NULL);
	told(s, "C A 1:1(0) ack 1 win 1000", NULL);
}

/* A whole conversation: "Hello" one way, "Ho" back, the server closes first. */
static struct story *greeting(void)
{
	struct story *s = calloc(1, sizeof *s);
	assert_non_null(s);
	wire_open(&s->wire);
	call(s, CLIENT, "connect", CALL_ENTERED, 0, 0);
	open_connection(s);
	call(s, CLIENT, "connect", CALL_RETURNED, 0, 0);
	call(s, SERVER, "recvfrom", CALL_ENTERED, 0, 0);
	told(s, "C PA 1:6(5) ack 1 win 1000", "Hello");
	call(s, SERVER, "recvfrom", CALL_RETURNED, 5, 0);
	told(s, "S PA 1:3(2) ack 6 win 2000", "Ho");
	told(s, "C A 6:6(0) ack 3 win 1000", NULL);
	told(s, "+1 S FA 3:3(0) ack 6 win 2000", NULL);
	call(s, CLIENT, "read", CALL_ENTERED, 0, 0);
	call(s, CLIENT, "read", CALL_RETURNED, 0, 0);
	told(s, "C FA 6:6(0) ack 4 win 1000", NULL);
	told(s, "S A 4:4(0) ack 7 win 2000", NULL);
	said(s, CLIENT, "Received: Ho");
	program(s, CLIENT, PROGRAM_EXITED, 0);
	program(s, SERVER, PROGRAM_SIGNALLED, 0);
	program(s, SERVER, PROGRAM_EXITED, 0);
	return s;
}

/* The tracer's last words: connections that are still there. */
static void finish(struct story *s)
{
	int before = s->wire.n_reports;
	flow_end(s->wire.flow);
	take_reports(s, before);
}

static void end(struct story *s)
{
	wire_close(&s->wire);
	free(s);
}

static void counts_are_compared(void **state)
{
	struct story *s = greeting();
	(void)state;
	holds(s, "handshakes = 1");
	holds(s, "connections = 1");
	holds(s, "fins = 2");
	holds(s, "fins server = 1");
	holds(s, "resets = 0");
	holds(s, "retransmissions = 0");
	holds(s, "segments = 9");
	holds(s, "segments in 8..10");
	holds(s, "data-segments client = 1");
	holds(s, "data client = 5");
	holds(s, "data = 7");
	holds(s, "data server != 3");
	holds(s, "datagrams = 0");
	fails(s, "handshakes = 2", "1");
	fails(s, "fins < 2", "2");
	fails(s, "resets >= 1", "none");
	fails(s, "data client > 5", "5");
	fails(s, "data server != 2", "2");
	end(s);
}

static void bytes_are_one_stream(void **state)
{
	struct story *s = greeting();
	(void)state;
	holds(s, "data client \"Hello\"");
	holds(s, "data client begins \"Hel\"");
	holds(s, "data client ends \"lo\"");
	holds(s, "data client contains \"ell\"");
	fails(s, "data client \"Hell\"", "5 bytes: \"Hello\"");
	fails(s, "data client \"Hello!\"", "5 bytes");
	fails(s, "data client begins \"el\"", "Hello");
	fails(s, "data client ends \"l\"", "Hello");
	fails(s, "data client contains \"lle\"", "Hello");
	fails(s, "data server = data client", "the client sent 5 bytes");
	end(s);
}

static void segments_that_are_split_resent_or_late_are_the_same_bytes(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	open_connection(s);
	told(s, "C PA 4:6(2) ack 1 win 1000", "lo"); /* overtook the next one */
	told(s, "C PA 1:4(3) ack 1 win 1000", "Hel");
	told(s, "+0.3 C PA 1:4(3) ack 1 win 1000", "Hel"); /* once more */
	told(s, "S A 1:1(0) ack 6 win 2000", NULL);
	holds(s, "data client \"Hello\"");
	holds(s, "data client = 5");
	holds(s, "retransmissions >= 1");
	holds(s, "client data[3]");
	fails(s, "client data[4]", "this did not happen: client data[4]");
	end(s);
}

static void bytes_that_the_stream_does_not_carry_count_and_are_not_compared(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	char payload[1001];
	(void)state;
	assert_non_null(s);
	memset(payload, 'x', 1000);
	payload[1000] = '\0';
	wire_open(&s->wire);
	open_connection(s);
	told(s, "C PA 1:1001(1000) ack 1 win 1000", payload);
	told(s, "S PA 1:1001(1000) ack 1001 win 2000", payload);
	holds(s, "data client = 1000");
	holds(s, "data server = data client");
	holds(s, "data client begins \"xxx\"");
	fails(s, "data client begins \"y\"", "1000 bytes");
	told(s, "S PA 1001:1002(1) ack 1001 win 2000", "x");
	fails(s, "data server = data client", "they differ from byte 1001 on");
	end(s);
}

static void events_are_found_and_put_in_order(void **state)
{
	struct story *s = greeting();
	(void)state;
	holds(s, "client SYN");
	holds(s, "server SYN,ACK before client ACK before client data before server data");
	holds(s, "order: server FIN before client FIN");
	holds(s, "client call connect before client SYN");
	holds(s, "client connect returns 0");
	holds(s, "client recv returns 0");
	holds(s, "server recv returns 5");
	holds(s, "never server RST");
	holds(s, "never client connect fails");
	holds(s, "client says \"Ho\"");
	holds(s, "client exits");
	holds(s, "server exits");
	fails(s, "client FIN before server FIN", "server FIN came too early");
	fails(s, "client SYN[2]", "did not happen");
	fails(s, "client SYN before client RST", "this did not happen: client RST");
	fails(s, "never server data", "it happened");
	fails(s, "client recv returns 7", "the last read() of the client returned 0");
	fails(s, "client call shutdown", "the client never called shutdown()");
	fails(s, "client says \"Hi\"", "did not happen");
	end(s);
}

static void failures_and_timeouts_of_calls_are_told_apart(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	call(s, CLIENT, "connect", CALL_ENTERED, 0, 0);
	told(s, "C S 0:0(0) win 1000", NULL);
	told(s, "S RA 0:0(0) ack 1", NULL);
	call(s, CLIENT, "connect", CALL_RETURNED, -1, errno_number("ECONNREFUSED"));
	call(s, CLIENT, "ppoll", CALL_ENTERED, 0, 0);
	call(s, CLIENT, "ppoll", CALL_RETURNED, 0, 0);
	call(s, SERVER, "recvfrom", CALL_ENTERED, 0, 0);
	call(s, SERVER, "recvfrom", CALL_RETURNED, -1, errno_number("EAGAIN"));
	holds(s, "client connect fails");
	holds(s, "client connect fails ECONNREFUSED");
	fails(s, "client connect fails ETIMEDOUT", "ECONNREFUSED");
	holds(s, "client poll returns timeout");
	holds(s, "server recv returns timeout");
	s->events[s->n - 1].call.enter_ns = s->events[s->n - 1].time_ns; /* did not wait */
	fails(s, "server recv returns timeout", "EAGAIN");
	holds(s, "handshakes = 0");
	holds(s, "resets = 1");
	end(s);
}

static void closing_is_judged_for_each_connection_that_was_open(void **state)
{
	struct story *s = greeting();
	(void)state;
	holds(s, "first-fin in {server}");
	holds(s, "close in {three-way, four-way}");
	fails(s, "first-fin in {client}", "the server sent the first FIN");
	fails(s, "close in {reset, open}", "three-way");
	holds(s, "each connection: data client \"Hello\"");
	holds(s, "each connection: client recv returns 0");
	fails(s, "each connection: fins = 1", "2");
	end(s);
	s = calloc(1, sizeof *s);
	assert_non_null(s);
	wire_open(&s->wire);
	fails(s, "first-fin in {client, server}", "there was no connection");
	fails(s, "each connection: handshakes = 1", "there was no connection");
	open_connection(s);
	finish(s);
	fails(s, "first-fin in {client, server}", "nobody sent a FIN");
	holds(s, "close in {open}");
	fails(s, "close in {three-way}", "still open");
	end(s);
}

static void what_the_runner_did_to_end_the_run_does_not_count(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	open_connection(s);
	program(s, SERVER, PROGRAM_SIGNALLED, 0);
	told(s, "+1 S FA 1:1(0) ack 1 win 2000", NULL);
	told(s, "C FA 1:1(0) ack 2 win 1000", NULL);
	told(s, "S A 2:2(0) ack 2 win 2000", NULL);
	program(s, SERVER, PROGRAM_EXITED, 3);
	holds(s, "fins = 0");
	holds(s, "close in {open}");
	holds(s, "never client FIN");
	holds(s, "kernel server ESTABLISHED at end");
	holds(s, "ends server = 3");
	fails(s, "ends server = 0", "exit status was 3");
	fails(s, "ends client = 0", "did not end");
	end(s);
}

static void states_at_the_end_are_the_kernels_or_follow_from_the_segments(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	open_connection(s);
	told(s, "C FA 1:1(0) ack 1 win 1000", NULL);
	told(s, "S A 1:1(0) ack 2 win 2000", NULL);
	holds(s, "kernel server CLOSE-WAIT at end");
	holds(s, "kernel client {FIN-WAIT-1, FIN-WAIT-2}");
	fails(s, "never kernel server CLOSE-WAIT at end", "CLOSE-WAIT");
	fails(s, "kernel server ESTABLISHED at end", "CLOSE-WAIT");
	finish(s);
	struct event *e = add(s, EVENT_KERNEL); /* what the kernel says is better */
	e->kernel = (struct kernel_event){.host = SERVER,
	                                  .local = s->wire.ends[SERVER],
	                                  .remote = s->wire.ends[CLIENT],
	                                  .state = TCP_LAST_ACK};
	holds(s, "kernel server LAST-ACK at end");
	end(s);
}

static void times_have_a_tolerance(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	struct expect_verdict verdict;
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	told(s, "C S 0:0(0) win 1000", NULL);
	told(s, "+1.1 C S 0:0(0) win 1000", NULL);
	told(s, "+0.1 S SA 0:0(0) ack 1 win 2000", NULL);
	holds(s, "gap client SYN[1] client SYN[2] ~ 1s ±30%");
	holds(s, "gap client SYN client SYN ~ 1s"); /* the next one */
	holds(s, "gap client SYN[2] server SYN,ACK in 50ms..150ms");
	holds(s, "nothing within 1s after client SYN");
	assert_false(judge(s, "gap client SYN[1] client SYN[2] < 1s", &verdict));
	assert_true(verdict.about_time);
	assert_non_null(strstr(verdict.observed, "1.1 s"));
	fails(s, "gap client SYN[1] client SYN[3] ~ 1s", "did not happen: client SYN[3]");
	fails(s, "nothing within 2s after client SYN", "1.1 s after it");
	fails(s, "nothing within 2s after client RST", "did not happen");
	end(s);
}

static void datagrams_have_sides_by_the_port(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	datagram(s, CLIENT, "one");
	datagram(s, SERVER, "one");
	datagram(s, CLIENT, "");
	holds(s, "datagrams client = 2");
	holds(s, "datagrams server = 1");
	holds(s, "datagram client[1] \"one\"");
	holds(s, "datagram server[1] = datagram client[1]");
	holds(s, "datagram client[2] \"\"");
	holds(s, "client datagram[2]");
	holds(s, "client datagram before server datagram");
	fails(s, "datagram client[1] \"two\"", "\"one\"");
	fails(s, "datagram server[1] = datagram client[2]", "one");
	fails(s, "datagram server[2] \"\"", "no such datagram");
	end(s);
}

static void many_connections_are_joined_in_the_order_of_opening(void **state)
{
	struct story *s = greeting();
	(void)state;
	s->n -= 3; /* nobody has ended the run yet */
	s->wire.ends[CLIENT].port++;
	open_connection(s);
	told(s, "C PA 1:3(2) ack 1 win 1000", "!!");
	finish(s);
	holds(s, "connections = 2");
	holds(s, "handshakes = 2");
	holds(s, "data client \"Hello!!\"");
	holds(s, "each connection: handshakes = 1");
	fails(s, "each connection: data client \"Hello\"", "!!");
	fails(s, "close in {three-way}", "still open");
	end(s);
}

static struct expect_answer answer(struct story *s, const char *words)
{
	struct expect_value value;
	struct expect_answer computed;
	struct err err;
	const struct expect_run run = {.events = s->events, .n = s->n, .port = 80};
	if (expect_parse_value(&value, words, &err) < 0)
		fail_msg("%s: %s", words, err.message);
	expect_compute(&value, &run, &computed);
	return computed;
}

static void values_are_computed_from_the_run(void **state)
{
	struct story *s = greeting();
	(void)state;
	assert_int_equal(answer(s, "segments").number, 9);
	assert_int_equal(answer(s, "data client").number, 5);
	assert_int_equal(answer(s, "value tcp.ack of server SYN,ACK").number, 1);
	assert_int_equal(answer(s, "value tcp.len of client data").number, 5);
	assert_int_equal(answer(s, "gap client ACK[2] server FIN").number, 1000);
	assert_string_equal(answer(s, "gap client ACK[2] server FIN").unit, "ms");
	assert_int_equal(answer(s, "ends client").number, 0);
	assert_string_equal(answer(s, "first-fin").word, "server");
	assert_string_equal(answer(s, "close").word, "three-way");
	assert_false(answer(s, "value tcp.len of client data[2]").known);
	assert_false(answer(s, "gap client SYN client RST").known);
	end(s);
}

/* A pcap file of these lengths, each frame full of its number. */
static int file_of(const uint32_t *lens, size_t n, size_t cut)
{
	uint8_t file[4096] = {0};
	size_t at = 24;
	for (size_t i = 0; i < n; i++) {
		memcpy(file + at + 8, &lens[i], sizeof lens[i]);
		memset(file + at + 16, (int)i + 1, lens[i]);
		at += 16 + lens[i];
	}
	int fd = memfd_create("test", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, file, at - cut), (ssize_t)(at - cut));
	return fd;
}

static void frames_are_found_by_their_number(void **state)
{
	static const uint32_t lens[] = {60, 1000, 3};
	struct run_frames frames;
	uint32_t len = 0;
	(void)state;
	int fd = file_of(lens, 3, 0);
	assert_int_equal(run_frames_open(&frames, fd), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(frames.n, 3);
	for (uint32_t i = 0; i < 3; i++) {
		const uint8_t *bytes = run_frames_find(&frames, i + 1, &len);
		assert_non_null(bytes);
		assert_int_equal(len, lens[i]);
		assert_int_equal(bytes[len - 1], i + 1);
	}
	assert_null(run_frames_find(&frames, 0, &len));
	assert_null(run_frames_find(&frames, 4, &len));
	run_frames_release(&frames);
}

static void a_file_that_is_cut_has_the_frames_before(void **state)
{
	static const uint32_t lens[] = {60, 100};
	(void)state;
	for (size_t cut = 1; cut <= 16 + 100; cut++) {
		struct run_frames frames;
		int fd = file_of(lens, 2, cut);
		assert_int_equal(run_frames_open(&frames, fd), 0);
		assert_int_equal(close(fd), 0);
		assert_int_equal(frames.n, 1);
		run_frames_release(&frames);
	}
	struct run_frames none;
	int fd = memfd_create("test", MFD_CLOEXEC);
	assert_int_equal(run_frames_open(&none, fd), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(none.n, 0);
	run_frames_release(&none);
}

static void a_record_is_read_line_by_line(void **state)
{
	struct run_record record = {.events = NULL};
	static const char line[] =
	        "{\"event\":\"capture\",\"number\":2,\"time\":\"1.0\",\"action\":"
	        "\"ended\",\"source\":\"lo\",\"live\":true,\"dropped\":7}";
	(void)state;
	assert_int_equal(run_record_line(&record, line, strlen(line)), 0);
	assert_int_equal(record.n, 1);
	assert_int_equal(record.n_dropped, 7);
	assert_false(record.bad_line);
	assert_int_equal(run_record_line(&record, "nonsense", 8), 0);
	assert_true(record.bad_line);
	assert_false(run_record_is_full(&record));
	run_record_release(&record);
}

static void a_resend_is_one_by_its_cause(void **state)
{
	struct story *s = calloc(1, sizeof *s);
	(void)state;
	assert_non_null(s);
	wire_open(&s->wire);
	told(s, "C S 0:0(0) win 65535 <mss 1000,sackOK>", NULL);
	told(s, "+0.020 S SA 0:0(0) ack 1 win 65535 <mss 1000,sackOK>", NULL);
	told(s, "+0.020 C A 1:1(0) ack 1 win 5000", NULL);
	told(s, "+0 C A 1:1001(1000) ack 1 win 5000", NULL);
	told(s, "+0 C A 1:1001(1000) ack 1 win 5000 copy", NULL);
	s->events[s->n - 1].passage.fate = FATE_DUPLICATE;
	holds(s, "retransmissions = 0");
	told(s, "+0 C A 1001:2001(1000) ack 1 win 5000 lost", NULL);
	told(s, "+0 C A 2001:3001(1000) ack 1 win 5000", NULL);
	told(s, "+0.020 S A 1:1(0) ack 1001 win 5000 <sack 2001:3001>", NULL);
	told(s, "+0.020 C A 1001:2001(1000) ack 1 win 5000", NULL); /* Wireshark: out of order */
	holds(s, "retransmissions client = 1");
	holds(s, "client retransmission");
	end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(counts_are_compared),
	        cmocka_unit_test(a_resend_is_one_by_its_cause),
	        cmocka_unit_test(bytes_are_one_stream),
	        cmocka_unit_test(segments_that_are_split_resent_or_late_are_the_same_bytes),
	        cmocka_unit_test(bytes_that_the_stream_does_not_carry_count_and_are_not_compared),
	        cmocka_unit_test(events_are_found_and_put_in_order),
	        cmocka_unit_test(failures_and_timeouts_of_calls_are_told_apart),
	        cmocka_unit_test(closing_is_judged_for_each_connection_that_was_open),
	        cmocka_unit_test(what_the_runner_did_to_end_the_run_does_not_count),
	        cmocka_unit_test(states_at_the_end_are_the_kernels_or_follow_from_the_segments),
	        cmocka_unit_test(times_have_a_tolerance),
	        cmocka_unit_test(datagrams_have_sides_by_the_port),
	        cmocka_unit_test(many_connections_are_joined_in_the_order_of_opening),
	        cmocka_unit_test(values_are_computed_from_the_run),
	        cmocka_unit_test(a_record_is_read_line_by_line),
	        cmocka_unit_test(frames_are_found_by_their_number),
	        cmocka_unit_test(a_file_that_is_cut_has_the_frames_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
