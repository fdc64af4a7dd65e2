/* test_event.c: lines of the event stream as they are documented, events made from packets, and
 * the documentation itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode/protocol.h"
#include "event/schema.h"

static const struct endpoint client_end = {{4, {127, 0, 0, 1}}, 45360};
static const struct endpoint server_end = {{4, {127, 0, 0, 1}}, 8080};

static struct event blank(enum event_kind kind)
{
	struct event event;
	memset(&event, 0, sizeof event);
	event.kind = kind;
	event.number = 3;
	event.time_ns = INT64_C(1700000000000000017);
	return event;
}

static void assert_line(const struct event *event, const char *explanation, const char *expected)
{
	static char line[EVENT_LINE_MAX + 1];
	struct text t = text_of(line, sizeof line);
	event_write(&t, event, explanation);
	assert_string_equal(line, expected);
}

/* The second segment of a handshake, whose first the capture holds too. */
static struct event syn_ack(void)
{
	struct event event = blank(EVENT_SEGMENT);
	struct segment *s = &event.segment;
	event.frame = 2;
	event.wirelen = 74;
	event.caplen = 74;
	event.linktype = 1;
	event.n_bytes = 2;
	event.bytes[0] = 0x45;
	s->from = SERVER;
	s->src = server_end;
	s->dst = client_end;
	s->seq_raw = 5000;
	s->ack_raw = 1001;
	s->ack = 1;
	s->flags = TCP_SYN | TCP_ACK;
	s->window_value = 65160;
	s->window = 65160;
	s->window_scale = 7;
	s->options.present = OPT_MSS | OPT_SACK_PERMITTED | OPT_TIMESTAMPS | OPT_WINDOW_SCALE;
	s->options.mss = 1460;
	s->options.window_scale = 7;
	s->options.timestamp_value = 9;
	s->options.timestamp_echo = 8;
	s->before[CLIENT] =
	        (struct tcb){TCP_SYN_SENT, KNOWN_ISS | KNOWN_SND, 1000, 1000, 1001, 0, 0};
	s->after[CLIENT] = (struct tcb){TCP_ESTABLISHED, 15, 1000, 1001, 1001, 65160, 5001};
	s->before[SERVER] = (struct tcb){TCP_SYN_RECEIVED, KNOWN_RCV, 0, 0, 0, 0, 1001};
	s->after[SERVER] = (struct tcb){TCP_SYN_RECEIVED, 15, 5000, 5000, 5001, 64240, 1001};
	s->phase = PHASE_HANDSHAKE;
	s->step = 2;
	s->step_total = 3;
	s->analysis.ack_rtt_ns = 17000;
	s->analysis.initial_rtt_ns = -1;
	s->analysis.rto_ns = -1;
	s->analysis.acks_frame = 1;
	return event;
}

static const char syn_ack_line[] =
        "{\"event\":\"segment\",\"number\":3,\"time\":\"1700000000.000000017\",\"frame\":2,"
        "\"tcp.stream\":0,\"from\":\"server\",\"ip.src\":\"127.0.0.1\",\"ip.dst\":\"127.0."
        "0.1\","
        "\"tcp.srcport\":8080,\"tcp.dstport\":45360,\"tcp.seq\":0,\"tcp.ack\":1,"
        "\"tcp.seq_raw\":5000,\"tcp.ack_raw\":1001,\"tcp.flags\":\"0x012\","
        "\"flags\":\"SYN,ACK\",\"tcp.len\":0,\"tcp.window_size\":65160,"
        "\"tcp.window_size_value\":65160,\"tcp.window_size_scalefactor\":128,"
        "\"tcp.options.mss_val\":1460,\"tcp.options.wscale.shift\":7,"
        "\"tcp.options.sack_perm\":true,\"tcp.options.timestamp.tsval\":9,"
        "\"tcp.options.timestamp.tsecr\":8,\"tcp.analysis\":[],"
        "\"tcp.analysis.acks_frame\":1,\"tcp.analysis.ack_rtt\":0.000017000,"
        "\"phase\":\"handshake\",\"step\":\"handshake 2/3\","
        "\"client.state_before\":\"SYN-SENT\",\"client.state\":\"ESTABLISHED\","
        "\"client.iss\":1000,\"client.snd_una\":1001,\"client.snd_una_before\":1000,"
        "\"client.snd_nxt\":1001,\"client.snd_wnd\":65160,\"client.snd_wnd_before\":null,"
        "\"client.rcv_nxt\":5001,\"client.rcv_nxt_before\":null,"
        "\"server.state_before\":\"SYN-RECEIVED\",\"server.state\":\"SYN-RECEIVED\","
        "\"server.iss\":5000,\"server.iss_before\":null,\"server.snd_una\":5000,"
        "\"server.snd_una_before\":null,\"server.snd_nxt\":5001,"
        "\"server.snd_nxt_before\":null,\"server.snd_wnd\":64240,"
        "\"server.snd_wnd_before\":null,\"server.rcv_nxt\":1001,"
        "\"frame.len\":74,\"frame.cap_len\":74,\"frame.linktype\":1,"
        "\"explain\":\"It answers.\",\"bytes\":\"4500\"}\n";

static void a_syn_ack_is_written_as_the_design_says(void **state)
{
	(void)state;
	struct event event = syn_ack();
	assert_line(&event, "It answers.", syn_ack_line);
}

/* The value of one member of the written line, as it stands there. NULL: absent. */
static const char *written(const struct event *event, const char *key)
{
	static char line[EVENT_LINE_MAX + 1], value[4096];
	struct text t = text_of(line, sizeof line);
	event_write(&t, event, NULL);
	struct json_reader r = json_read(line, t.len);
	struct json_member m;
	while (json_next(&r, &m)) {
		if (!json_is(&m, key))
			continue;
		struct text v = text_of(value, sizeof value);
		text_add_bytes(&v, m.value, m.value_len);
		return value;
	}
	assert_false(r.failed);
	return NULL;
}

static void labels_are_sorted_and_figures_left_out_when_absent(void **state)
{
	(void)state;
	struct event event = blank(EVENT_SEGMENT);
	event.segment.analysis = (struct analysis){
	        .flags = A_ZERO_WINDOW | A_DUPLICATE_ACK | A_RETRANSMISSION,
	        .ack_rtt_ns = -1,
	        .initial_rtt_ns = -1,
	        .rto_ns = 0,
	};
	assert_string_equal(written(&event, "tcp.analysis"),
	                    "[\"duplicate_ack\",\"retransmission\",\"zero_window\"]");
	assert_null(written(&event, "tcp.analysis.ack_rtt"));
	assert_string_equal(written(&event, "tcp.analysis.rto"), "0.000000000");
	assert_null(written(&event, "tcp.analysis.bytes_in_flight"));
	assert_null(written(&event, "step"));
	assert_null(written(&event, "roles"));
	assert_null(written(&event, "frame.len"));
	assert_null(written(&event, "bytes"));
	event.segment.roles_guessed = true;
	event.segment.phase = PHASE_TEARDOWN;
	event.segment.step = 1;
	assert_string_equal(written(&event, "roles"), "guessed");
	assert_string_equal(written(&event, "step"), "teardown 1");
}

static void sack_edges_are_relative_across_the_wrap(void **state)
{
	(void)state;
	struct event event = blank(EVENT_SEGMENT);
	struct segment *s = &event.segment;
	s->ack_raw = 0xFFFFFFF0;
	s->ack = 11;
	s->options.present = OPT_SACK;
	s->options.n_sack = 2;
	s->options.sack_left[0] = 0xFFFFFFFA;
	s->options.sack_right[0] = 4;
	assert_string_equal(written(&event, "tcp.options.sack_le"), "[21,27]");
	assert_string_equal(written(&event, "tcp.options.sack_re"), "[31,27]");
}

static void the_window_factor_is_wiresharks(void **state)
{
	(void)state;
	static const struct {
		int8_t shift;
		const char *expected;
	} cases[] = {{-1, "-1"}, {-2, "-2"}, {0, "1"}, {7, "128"}, {14, "16384"}};
	struct event event = blank(EVENT_SEGMENT);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		event.segment.window_scale = cases[i].shift;
		assert_string_equal(written(&event, "tcp.window_size_scalefactor"),
		                    cases[i].expected);
	}
}

static void bytes_of_a_program_are_escaped(void **state)
{
	(void)state;
	struct event event = blank(EVENT_OUTPUT);
	event.output.is_stderr = true;
	event.output.host = SERVER;
	memcpy(event.output.text, "\x1b]0;x\x07\xff\"\n", 10);
	assert_line(&event, NULL,
	            "{\"event\":\"output\",\"number\":3,\"time\":\"1700000000.000000017\","
	            "\"host\":\"server\",\"stream\":\"stderr\","
	            "\"text\":\"\\u001b]0;x\\u0007\\ufffd\\\"\\n\"}\n");
}

static void a_connection_has_figures_each_way(void **state)
{
	(void)state;
	struct event event = blank(EVENT_CONNECTION);
	struct connection *c = &event.connection;
	c->action = CONNECTION_CLOSED;
	c->close = CLOSE_FOUR_WAY;
	c->ends[CLIENT] = client_end;
	c->start_ns = 1000000000;
	c->end_ns = 3500000000;
	c->sent[CLIENT].bytes = 6;
	c->sent[CLIENT].rtt_count = 4;
	c->sent[CLIENT].rtt_sum_ns = 10;
	c->sent[SERVER].rtt_sum_ns = 10;
	assert_string_equal(written(&event, "duration"), "2.500000000");
	assert_string_equal(written(&event, "close"), "four-way");
	assert_string_equal(written(&event, "client.ip"), "127.0.0.1");
	assert_null(written(&event, "server.ip"));
	assert_string_equal(written(&event, "client.bytes"), "6");
	assert_string_equal(written(&event, "client.rtt_avg"), "0.000000002");
	assert_null(written(&event, "server.rtt_avg"));
	assert_null(written(&event, "first_fin"));
	assert_null(written(&event, "reset_by"));
	c->fin_seen[SERVER] = true;
	c->first_fin = SERVER;
	assert_string_equal(written(&event, "first_fin"), "server");
	c->close = CLOSE_RESET;
	assert_string_equal(written(&event, "reset_by"), "client");
}

static void the_longest_line_fits_the_documented_limit(void **state)
{
	(void)state;
	char sentences[4096];
	memset(sentences, 0x01, sizeof sentences - 1); /* each becomes six bytes */
	sentences[sizeof sentences - 1] = '\0';
	static char line[2 * EVENT_LINE_MAX];
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		struct event event = blank(kind);
		const struct schema *schema = event_schema(kind);
		uint8_t *e = (uint8_t *)&event;
		event.frame = UINT64_MAX;
		event.n_bytes = EVENT_BYTES_MAX;
		for (size_t i = 0; i < schema->n; i++) {
			const struct member *m = &schema->members[i];
			if (m->type == &type_text || m->type == &type_text_if)
				memset(e + m->at, 0x01, m->size - 1U);
			else if (m->type == &type_uint || m->type == &type_uint_if)
				memset(e + m->at, 0xFF, m->size);
		}
		struct text t = text_of(line, sizeof line);
		event_write(&t, &event, sentences);
		assert_in_range(t.len, 1, EVENT_LINE_MAX);
	}
}

/* ---- events from packets ---- */
static const struct protocol eth = {.name = "eth"}, icmp = {.name = "icmp"};

static struct packet packet_of(enum packet_kind kind)
{
	struct packet packet;
	memset(&packet, 0, sizeof packet);
	packet.kind = kind;
	packet.layers[0].protocol = &eth;
	packet.n_layers = 1;
	packet.ip.src = client_end.addr;
	packet.ip.dst = server_end.addr;
	packet.ip.ttl = 64;
	return packet;
}

static void a_udp_packet_becomes_a_datagram(void **state)
{
	(void)state;
	struct event event = blank(EVENT_NOTE);
	struct packet packet = packet_of(KIND_UDP);
	packet.udp = (struct udp_header){.src_port = 1, .dst_port = 53, .length = 108, .len = 100};
	packet.payload_len = 100;
	packet.payload_wirelen = 100;
	event_from_packet(&event, &packet);
	assert_int_equal(event.kind, EVENT_DATAGRAM);
	assert_int_equal(event.number, 3);
	assert_int_equal(event.datagram.dst.port, 53);
	assert_memory_equal(&event.datagram.src.addr, &client_end.addr, sizeof(struct addr));
	assert_int_equal(event.datagram.length, 108);
	assert_int_equal(event.datagram.len, 100);
	assert_false(event.datagram.truncated);
	assert_string_equal(event.datagram.reason, "");
	packet.payload_len = 20;
	packet.reason = "something";
	event_from_packet(&event, &packet);
	assert_true(event.datagram.truncated);
	assert_string_equal(event.datagram.reason, "something");
}

static void other_packets_become_frames(void **state)
{
	(void)state;
	struct event event = blank(EVENT_NOTE);
	struct packet packet = packet_of(KIND_ICMP);
	packet.layers[1].protocol = &icmp;
	packet.n_layers = 2;
	packet.icmp = (struct icmp_header){.version = 4, .type = 3, .code = 4, .mtu = 576};
	event_from_packet(&event, &packet);
	assert_int_equal(event.kind, EVENT_FRAME);
	assert_string_equal(event.frame_info.protocol, "icmp");
	assert_string_equal(written(&event, "kind"), "icmp");
	assert_string_equal(written(&event, "status"), "ok");
	assert_string_equal(written(&event, "icmp.mtu"), "576");
	assert_null(written(&event, "icmpv6.type"));
	assert_null(written(&event, "arp.opcode"));

	packet = packet_of(KIND_ARP);
	packet.ip = (struct ip_header){0};
	packet.arp = (struct arp_packet){.operation = 1,
	                                 .sender_mac = {0, 17, 34, 51, 68, 255},
	                                 .sender = client_end.addr,
	                                 .target = server_end.addr};
	event_from_packet(&event, &packet);
	assert_string_equal(written(&event, "arp.src.hw_mac"), "00:11:22:33:44:ff");
	assert_string_equal(written(&event, "arp.src.proto_ipv4"), "127.0.0.1");
	assert_null(written(&event, "icmp.type"));
	assert_null(written(&event, "ip.src"));
}

static void a_broken_packet_carries_its_reason_and_nothing_of_another_kind(void **state)
{
	(void)state;
	struct event event = blank(EVENT_NOTE);
	struct packet packet = packet_of(KIND_NONE);
	memset(&packet.tcp, 0xEE, sizeof packet.tcp); /* what `kind` does not name is not filled */
	packet.status = PACKET_TRUNCATED;
	packet.reason = "the capture stops inside the TCP header";
	event_from_packet(&event, &packet);
	assert_string_equal(written(&event, "status"), "truncated");
	assert_string_equal(written(&event, "protocol"), "eth");
	assert_string_equal(written(&event, "reason"), "the capture stops inside the TCP header");
	assert_null(written(&event, "icmp.type"));
	assert_null(written(&event, "icmpv6.type"));
	packet.n_layers = 0;
	event_from_packet(&event, &packet);
	assert_string_equal(event.frame_info.protocol, "");
}

/* ---- roles ---- */
static void exchanged_twice_is_as_before(void **state)
{
	(void)state;
	struct event event = blank(EVENT_CONNECTION);
	struct connection *c = &event.connection;
	c->ends[CLIENT] = client_end;
	c->ends[SERVER] = server_end;
	c->conn_state = CONN_STATE_RSTO;
	c->reset_by = CLIENT;
	c->sent[CLIENT].bytes = 6;
	memcpy(c->history, "DadR", 5);
	struct event before = event;
	event_swap_roles(&event);
	assert_memory_equal(&c->ends[SERVER], &client_end, sizeof client_end);
	assert_string_equal(c->history, "dADr");
	assert_int_equal(c->conn_state, CONN_STATE_RSTR);
	assert_int_equal(c->reset_by, SERVER);
	assert_int_equal(c->sent[SERVER].bytes, 6);
	event_swap_roles(&event);
	assert_memory_equal(&event, &before, sizeof event);
	event = blank(EVENT_MESSAGE);
	event_swap_roles(&event);
	assert_int_equal(event.message.from, SERVER);
	event = blank(EVENT_NOTE);
	before = event;
	event_swap_roles(&event);
	assert_memory_equal(&event, &before, sizeof event);
}

/* ---- names and documentation ---- */
static void names_are_words_of_the_stream(void **state)
{
	(void)state;
	assert_string_equal(event_kind_name(EVENT_SEGMENT), "segment");
	assert_string_equal(capture_action_name(CAPTURE_STATISTICS), "statistics");
	assert_string_equal(program_action_name(PROGRAM_SIGNALLED), "signalled");
	assert_int_equal(words_find(&words_side, "server"), SERVER);
	assert_int_equal(words_find(&words_side, "Server"), -1);
}

/* Where the kind's section of the README starts; it ends at the next "\n## ". */
static char *section_of(char *readme, const char *kind, char **end)
{
	TEXT(title, 64);
	text_add(&title, "\n## `");
	text_add(&title, kind);
	text_add_char(&title, '`');
	char *start = strstr(readme, title.bytes);
	if (!start) {
		fail_msg("README.md has no section for %s", kind);
		return *end = readme;
	}
	*end = strstr(start + 1, "\n## ");
	if (!*end)
		*end = start + strlen(start);
	return start;
}

static void every_key_is_documented_under_its_kind(void **state)
{
	(void)state;
	static char readme[64 * 1024];
	FILE *file = fopen("tracer/event/README.md", "r");
	assert_non_null(file); /* tests run in the project's top folder */
	size_t n = fread(readme, 1, sizeof readme - 1, file);
	readme[n] = '\0';
	assert_int_equal(fclose(file), 0);
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		const struct schema *schema = event_schema(kind);
		char *end;
		char *section = section_of(readme, event_kind_name(kind), &end);
		for (size_t i = 2; i < schema->n; i++) { /* number and time: for every event */
			TEXT(key, 64);
			text_add_char(&key, '`');
			text_add(&key, schema->members[i].key);
			text_add_char(&key, '`');
			char *found = strstr(section, key.bytes);
			if (!found || found > end)
				fail_msg("README.md says nothing of %s in %s", key.bytes,
				         event_kind_name(kind));
		}
	}
}

static void every_diagnosis_is_documented(void **state)
{
	(void)state;
	static char readme[64 * 1024];
	FILE *file = fopen("tracer/event/README.md", "r");
	assert_non_null(file);
	readme[fread(readme, 1, sizeof readme - 1, file)] = '\0';
	assert_int_equal(fclose(file), 0);
	for (unsigned label = DIAGNOSIS_NONE + 1; label < N_DIAGNOSES; label++) {
		TEXT(key, 64);
		text_addf(&key, "`%s`", diagnosis_name((enum diagnosis_label)label));
		if (!strstr(readme, key.bytes))
			fail_msg("README.md says nothing of the diagnosis %s", key.bytes);
	}
}

static void a_diagnosis_is_written_with_its_numbers_and_its_why(void **state)
{
	(void)state;
	struct event event = blank(EVENT_SEGMENT);
	static char line[EVENT_LINE_MAX + 1];
	struct text t = text_of(line, sizeof line);
	event.segment.n_diagnoses = 2;
	event.segment.diagnoses[0] = (struct diagnosis){
	        .label = D_FAST, .n = 3, .seq = 1449, .end = 2897, .limit_ns = 800000, .frame = 41};
	event.segment.diagnoses[1] = (struct diagnosis){.label = D_OFFLOAD};
	event_write_words(&t, &event, &(struct event_words){.why = {"it \"asked\"", NULL}});
	assert_non_null(strstr(line, ",\"diagnosis\":[{\"label\":\"fast\",\"n\":3,\"seq\":1449,"
	                             "\"end\":2897,\"limit_time\":0.000800000,\"frame\":41,"
	                             "\"why\":\"it \\\"asked\\\"\"},{\"label\":\"offload\"}],"
	                             "\"phase\""));
	struct event back;
	char err[128];
	assert_int_equal(event_read(&back, line, t.len - 1, err, sizeof err), 0);
	assert_int_equal(back.segment.n_diagnoses, 2);
	assert_int_equal(back.segment.diagnoses[0].limit_ns, 800000);
	assert_int_equal(back.segment.diagnoses[1].label, D_OFFLOAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_syn_ack_is_written_as_the_design_says),
	        cmocka_unit_test(labels_are_sorted_and_figures_left_out_when_absent),
	        cmocka_unit_test(sack_edges_are_relative_across_the_wrap),
	        cmocka_unit_test(the_window_factor_is_wiresharks),
	        cmocka_unit_test(bytes_of_a_program_are_escaped),
	        cmocka_unit_test(a_connection_has_figures_each_way),
	        cmocka_unit_test(the_longest_line_fits_the_documented_limit),
	        cmocka_unit_test(a_udp_packet_becomes_a_datagram),
	        cmocka_unit_test(other_packets_become_frames),
	        cmocka_unit_test(a_broken_packet_carries_its_reason_and_nothing_of_another_kind),
	        cmocka_unit_test(exchanged_twice_is_as_before),
	        cmocka_unit_test(names_are_words_of_the_stream),
	        cmocka_unit_test(every_key_is_documented_under_its_kind),
	        cmocka_unit_test(every_diagnosis_is_documented),
	        cmocka_unit_test(a_diagnosis_is_written_with_its_numbers_and_its_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
