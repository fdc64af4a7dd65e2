/* test_wire_plan.c: what the emulated wire does with frames, at which time. Each test sends frames
 * and reads the wire's log: "12 c1" is the client's frame with id 1, arrived after 12 ms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "runner/wire_plan.h"
#include "wire_frames.h"

enum { LINKTYPE_ETHERNET = 1, LOG_BYTES = 65536 };

struct desk {
	struct wire *wire;
	struct wire_faults faults;
	struct text ends, told;
	char storage[2][LOG_BYTES];
	uint8_t last[WIRE_FRAME_MAX]; /* the last frame that ended */
	uint32_t last_len;
	uint8_t first[3][WIRE_FRAME_MAX]; /* the first ones */
	uint32_t first_len[3];
	int n_ended;
	int64_t now_ms;
};

static void on_end(void *data, const struct flight *f, int64_t now_ns)
{
	struct desk *desk = data;
	text_addf(&desk->ends, "%s%d %c%d", desk->ends.len ? ", " : "", (int)(now_ns / NS_PER_MS),
	          f->from == CLIENT ? 'c' : 's', (int)f->id);
	text_addf(&desk->ends, "%s%s%s", f->lost ? " lost" : "", f->corrupted ? " corrupt" : "",
	          f->overtaken ? " late" : "");
	if (f->of)
		text_addf(&desk->ends, " of %d", (int)f->of);
	memcpy(desk->last, f->bytes, f->len);
	desk->last_len = f->len;
	if (desk->n_ended < 3) {
		memcpy(desk->first[desk->n_ended], f->bytes, f->len);
		desk->first_len[desk->n_ended] = f->len;
	}
	desk->n_ended++;
}

static void on_tell(void *data, enum wire_action action, const struct flight *f, const char *fault,
                    int64_t now_ns)
{
	static const char *const names[N_WIRE_ACTIONS] = {
	        [WIRE_SENT] = "sent",           [WIRE_HELD] = "held",
	        [WIRE_RELEASED] = "released",   [WIRE_ARRIVED] = "arrived",
	        [WIRE_DROPPED] = "dropped",     [WIRE_DUPLICATED] = "duplicated",
	        [WIRE_REORDERED] = "reordered", [WIRE_CORRUPTED] = "corrupted",
	};
	struct desk *desk = data;
	text_addf(&desk->told, "%s%d %s %d", desk->told.len ? ", " : "", (int)(now_ns / NS_PER_MS),
	          names[action], (int)f->id);
	if (fault[0])
		text_addf(&desk->told, " (%s)", fault);
}

/* A wire with so many faults. */
static struct desk *desk_new(bool hold, int n, const char *const *faults)
{
	struct desk *desk = calloc(1, sizeof *desk);
	struct err err;
	assert_non_null(desk);
	desk->ends = text_of(desk->storage[0], LOG_BYTES);
	desk->told = text_of(desk->storage[1], LOG_BYTES);
	for (int i = 0; i < n; i++)
		assert_int_equal(wire_faults_add(&desk->faults, faults[i], &err), 0);
	struct wire_output output = {.end = on_end, .tell = on_tell, .data = desk};
	desk->wire = wire_new(&desk->faults, &output, hold);
	assert_non_null(desk->wire);
	return desk;
}

#define WITH(...)                                                                                  \
	desk_new(false, (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)),       \
	         (const char *[]){__VA_ARGS__})

static void desk_free(struct desk *desk)
{
	wire_free(desk->wire);
	free(desk);
}

static void send_now(struct desk *desk, enum side from, unsigned flags, uint32_t n)
{
	struct test_frame frame = frame_of(4, from, flags, n);
	wire_send(desk->wire, from, frame.bytes, frame.len, desk->now_ms * NS_PER_MS);
}

/* The client sends so many data segments at once. */
static void send_data(struct desk *desk, int n)
{
	for (int i = 0; i < n; i++)
		send_now(desk, CLIENT, TCP_ACK, 10);
}

/* As the clock would have it: everything at its time. */
static void wait_until_ms(struct desk *desk, int64_t ms)
{
	while (wire_due(desk->wire) <= ms * NS_PER_MS)
		wire_advance(desk->wire, wire_due(desk->wire));
	desk->now_ms = ms;
}

static void assert_ends(struct desk *desk, const char *expected)
{
	wait_until_ms(desk, desk->now_ms + 100000);
	assert_string_equal(desk->ends.bytes, expected);
	assert_int_equal(wire_count(desk->wire), 0);
	desk_free(desk);
}

static void a_frame_takes_twenty_milliseconds(void **state)
{
	(void)state;
	struct desk *desk = desk_new(false, 0, NULL);
	send_now(desk, CLIENT, TCP_SYN, 0);
	assert_int_equal(wire_due(desk->wire), 20 * NS_PER_MS);
	wait_until_ms(desk, 5);
	send_now(desk, SERVER, TCP_SYN | TCP_ACK, 0);
	assert_ends(desk, "20 c1, 25 s2");
}

static void an_earlier_time_overtakes_nothing(void **state)
{
	(void)state;
	struct desk *desk = desk_new(false, 0, NULL);
	desk->now_ms = 3;
	send_data(desk, 1);
	desk->now_ms = 2;
	send_data(desk, 1);
	assert_ends(desk, "23 c1, 23 c2");
}

static void sending_and_arriving_are_told_on_a_slow_wire(void **state)
{
	(void)state;
	struct desk *desk = WITH("delay 10ms");
	send_now(desk, CLIENT, TCP_SYN, 0);
	wait_until_ms(desk, 50);
	assert_string_equal(desk->told.bytes, "0 sent 1, 10 arrived 1");
	desk_free(desk);
	desk = WITH("delay 1ms");
	send_now(desk, CLIENT, TCP_SYN, 0);
	wait_until_ms(desk, 50);
	assert_string_equal(desk->told.bytes, "");
	desk_free(desk);
}

static void telling_is_bounded(void **state)
{
	(void)state;
	struct desk *desk = desk_new(false, 0, NULL);
	int n = 0;
	send_data(desk, 1000);
	for (const char *at = desk->told.bytes; (at = strstr(at, "sent")) != NULL; at++)
		n++;
	assert_int_equal(n, 200);
	text_clear(&desk->told);
	wait_until_ms(desk, 1000); /* 100 a second are earned again */
	text_clear(&desk->told);
	send_data(desk, 1000);
	n = 0;
	for (const char *at = desk->told.bytes; (at = strstr(at, "sent")) != NULL; at++)
		n++;
	assert_int_equal(n, 100);
	desk_free(desk);
}

static void a_lost_frame_keeps_its_place_and_is_counted(void **state)
{
	(void)state;
	struct desk *desk = WITH("drop client data 2");
	send_data(desk, 3);
	wait_until_ms(desk, 20);
	assert_non_null(strstr(desk->told.bytes, "20 dropped 2 (drop client data 2)"));
	assert_ends(desk, "20 c1, 20 c2 lost, 20 c3");
}

static void numbers_count_transmissions_of_that_end(void **state)
{
	(void)state;
	struct desk *desk = WITH("drop client SYN 1", "drop server data");
	send_now(desk, SERVER, TCP_SYN, 0);
	send_now(desk, CLIENT, TCP_SYN | TCP_ACK, 0);
	send_now(desk, CLIENT, TCP_SYN, 0);
	send_now(desk, CLIENT, TCP_SYN, 0);
	send_now(desk, SERVER, TCP_ACK, 1);
	send_now(desk, SERVER, TCP_ACK, 1);
	assert_ends(desk, "20 s1, 20 c2, 20 c3 lost, 20 c4, 20 s5 lost, 20 s6 lost");
}

static void behind_a_cut_nothing_arrives_from_either_end(void **state)
{
	(void)state;
	struct desk *desk = WITH("cut client data 2");
	send_now(desk, SERVER, TCP_ACK, 1);
	send_data(desk, 2);
	send_now(desk, SERVER, TCP_ACK, 0);
	send_now(desk, CLIENT, TCP_FIN | TCP_ACK, 0);
	assert_ends(desk, "20 s1, 20 c2, 20 c3 lost, 20 s4 lost, 20 c5 lost");
	desk = WITH("cut server RST");
	send_data(desk, 1);
	send_now(desk, SERVER, TCP_RST, 0);
	send_data(desk, 1);
	assert_ends(desk, "20 c1, 20 s2 lost, 20 c3 lost");
	desk = WITH("cut 30ms");
	desk->now_ms = 1000;
	send_data(desk, 1);
	wait_until_ms(desk, 1029);
	send_now(desk, SERVER, TCP_ACK, 0);
	wait_until_ms(desk, 1030);
	send_now(desk, SERVER, TCP_ACK, 0);
	assert_ends(desk, "1020 c1, 1049 s2, 1050 s3 lost");
}

static void a_late_frame_is_overtaken(void **state)
{
	(void)state;
	struct desk *desk = WITH("delay client data 1 5ms");
	send_data(desk, 1);
	wait_until_ms(desk, 3);
	send_data(desk, 1);
	wait_until_ms(desk, 100);
	assert_non_null(strstr(desk->told.bytes, "25 reordered 1 (delay client data 1 5ms)"));
	assert_ends(desk, "23 c2, 25 c1 late");
}

static void a_duplicate_goes_right_behind(void **state)
{
	(void)state;
	struct desk *desk = WITH("duplicate client data 1");
	send_data(desk, 2);
	assert_non_null(strstr(desk->told.bytes, "0 duplicated 2 (duplicate client data 1)"));
	assert_ends(desk, "20 c1, 20 c2 of 1, 20 c3");
}

static void swapped_frames_change_places(void **state)
{
	(void)state;
	struct desk *desk = WITH("swap client data 2 3");
	send_data(desk, 4);
	assert_ends(desk, "20 c1, 20 c3, 20 c2 late, 20 c4");
	desk = WITH("swap client data 1 4");
	send_data(desk, 5);
	assert_ends(desk, "20 c4, 20 c2 late, 20 c3 late, 20 c1 late, 20 c5");
}

static void a_swap_without_the_other_ends(void **state)
{
	(void)state;
	struct desk *desk = WITH("swap client data 1 2");
	send_data(desk, 1);
	send_now(desk, SERVER, TCP_ACK, 10);
	assert_ends(desk, "20 s2, 1020 c1");
}

static void a_swap_partner_may_be_lost(void **state)
{
	(void)state;
	struct desk *desk = WITH("swap client data 1 2", "drop client data 2");
	send_data(desk, 2);
	assert_ends(desk, "20 c2 lost, 20 c1");
}

static void corruption_changes_a_byte_and_not_the_checksum(void **state)
{
	(void)state;
	struct desk *desk = WITH("corrupt client data 1", "corrupt client FIN 1");
	struct test_frame data = frame_of(4, CLIENT, TCP_ACK, 10);
	send_data(desk, 1);
	wait_until_ms(desk, 20);
	assert_int_equal(desk->last_len, data.len);
	assert_int_equal(desk->last[54], 'A');
	desk->last[54] = 'a';
	assert_memory_equal(desk->last, data.bytes, data.len);
	send_now(desk, CLIENT, TCP_FIN | TCP_ACK, 0);
	assert_non_null(strstr(desk->told.bytes, "20 corrupted 2 (corrupt client FIN 1)"));
	wait_until_ms(desk, 40);
	assert_int_equal(desk->last[FRAME_ETHERNET + 20 + 15], 0x20); /* TCP's window */
	assert_ends(desk, "20 c1 corrupt, 40 c2 corrupt");
}

static int losses(const char *fault, struct text *where)
{
	struct desk *desk = WITH(fault);
	int n = 0;
	for (int i = 0; i < 4000; i++) {
		text_clear(&desk->ends);
		send_data(desk, 1);
		wait_until_ms(desk, desk->now_ms + 30);
		bool lost = strstr(desk->ends.bytes, "lost") != NULL;
		text_add_char(where, lost ? 'x' : '.');
		n += lost;
	}
	desk_free(desk);
	return n;
}

static void losses_are_as_often_as_said_and_the_same_for_a_seed(void **state)
{
	(void)state;
	TEXT(first, 4100);
	TEXT(second, 4100);
	TEXT(other, 4100);
	int n = losses("loss 5% seed 7", &first);
	assert_in_range(n, 140, 260);
	assert_int_equal(losses("loss 5% seed 7", &second), n);
	assert_string_equal(first.bytes, second.bytes);
	(void)losses("loss 5% seed 8", &other);
	assert_string_not_equal(first.bytes, other.bytes);
	text_clear(&first);
	assert_int_equal(losses("loss 100%", &first), 4000);
}

static void a_rate_puts_frames_one_behind_the_other(void **state)
{
	(void)state;
	struct desk *desk = WITH("rate 1mbit", "delay 10ms");
	for (int i = 0; i < 3; i++)
		send_now(desk, CLIENT, TCP_ACK, 1250 - 54); /* 10 ms at 1 Mbit/s */
	send_now(desk, SERVER, TCP_ACK, 1250 - 54);
	assert_ends(desk, "20 c1, 20 s4, 30 c2, 40 c3");
}

static void a_full_queue_loses_the_last(void **state)
{
	(void)state;
	struct desk *desk = WITH("rate 1mbit", "delay 10ms", "queue 2");
	for (int i = 0; i < 4; i++)
		send_now(desk, CLIENT, TCP_ACK, 1250 - 54);
	wait_until_ms(desk, 10); /* one has left the queue */
	send_now(desk, CLIENT, TCP_ACK, 1250 - 54);
	wait_until_ms(desk, 40);
	assert_non_null(strstr(desk->told.bytes, "40 dropped 4 (queue 2)"));
	assert_ends(desk, "20 c1, 30 c2, 40 c3, 40 c4 lost, 50 c5");
}

static void what_is_too_large_is_answered_as_a_router_would(void **state)
{
	(void)state;
	struct desk *desk = WITH("mtu 576");
	send_now(desk, CLIENT, TCP_ACK, 536);
	send_now(desk, CLIENT, TCP_ACK, 537);
	wait_until_ms(desk, 100);
	assert_string_equal(desk->ends.bytes, "20 c1, 20 c2 lost, 20 s3");
	struct packet packet;
	packet_decode(&packet, LINKTYPE_ETHERNET, desk->last, desk->last_len, desk->last_len);
	assert_int_equal(packet.kind, KIND_ICMP);
	assert_int_equal(packet.icmp.type, 3);
	assert_int_equal(packet.icmp.code, 4);
	assert_int_equal(packet.icmp.mtu, 576);
	assert_true(packet.icmp.has_quote_seq);
	assert_int_equal(packet.ip.src.bytes[3], 254);
	assert_int_equal(packet.ip.dst.bytes[3], 1);
	assert_int_equal(packet.ip.total_len, 576);
	assert_ends(desk, "20 c1, 20 c2 lost, 20 s3");
}

static void ipv6_is_told_packet_too_big(void **state)
{
	(void)state;
	struct desk *desk = WITH("mtu 1280");
	struct test_frame frame = frame_of(6, SERVER, TCP_ACK, 1280 - 60 + 1);
	wire_send(desk->wire, SERVER, frame.bytes, frame.len, 0);
	wait_until_ms(desk, 100);
	struct packet packet;
	packet_decode(&packet, LINKTYPE_ETHERNET, desk->last, desk->last_len, desk->last_len);
	assert_int_equal(packet.kind, KIND_ICMP);
	assert_int_equal(packet.icmp.version, 6);
	assert_int_equal(packet.icmp.type, 2);
	assert_int_equal(packet.icmp.mtu, 1280);
	assert_int_equal(packet.ip.src.bytes[15], 0xfe);
	assert_int_equal(packet.ip.dst.bytes[15], 2);
	assert_ends(desk, "20 s1 lost, 20 c2");
}

static void what_may_be_cut_is_cut(void **state)
{
	(void)state;
	struct desk *desk = WITH("mtu 576");
	struct test_frame frame = frame_of(4, CLIENT, TCP_ACK, 1200);
	struct packet packet;
	static const uint32_t lengths[] = {572, 572, 136}; /* 552 is the most in eights */
	frame.bytes[FRAME_ETHERNET + 6] = 0;               /* no DF */
	wire_send(desk->wire, CLIENT, frame.bytes, frame.len, 0);
	uint8_t payload[1220];
	wait_until_ms(desk, 20);
	for (uint32_t i = 0, at = 0; i < 3; i++) {
		const uint8_t *piece = desk->first[i];
		packet_decode(&packet, LINKTYPE_ETHERNET, piece, desk->first_len[i],
		              desk->first_len[i]);
		assert_int_equal(packet.kind, KIND_FRAGMENT);
		assert_int_equal(packet.ip.total_len, lengths[i]);
		assert_int_equal(packet.ip.fragment_at, at);
		assert_int_equal(packet.ip.more_fragments, i < 2);
		memcpy(payload + at, piece + FRAME_ETHERNET + 20, lengths[i] - 20);
		at += lengths[i] - 20;
	}
	assert_memory_equal(payload, frame.bytes + FRAME_ETHERNET + 20, sizeof payload);
	assert_ends(desk, "20 c1, 20 c2, 20 c3");
}

static void a_silent_wire_answers_nothing(void **state)
{
	(void)state;
	struct desk *desk = WITH("mtu 576 silent");
	send_now(desk, CLIENT, TCP_ACK, 1000);
	assert_ends(desk, "20 c1 lost");
}

static void the_wire_has_an_end(void **state)
{
	(void)state;
	struct desk *desk = desk_new(true, 0, NULL);
	send_data(desk, WIRE_MAX_FLYING + 1);
	assert_int_equal(wire_count(desk->wire), WIRE_MAX_FLYING);
	assert_string_equal(desk->ends.bytes, "0 c8193 lost");
	desk_free(desk);
}

static int command(struct desk *desk, const char *line)
{
	return wire_command(desk->wire, line, desk->now_ms * NS_PER_MS);
}

static void held_frames_wait_for_the_learner(void **state)
{
	(void)state;
	struct desk *desk = desk_new(true, 0, NULL);
	send_data(desk, 3);
	wait_until_ms(desk, 1000);
	assert_string_equal(desk->ends.bytes, "");
	assert_string_equal(desk->told.bytes,
	                    "0 sent 1, 0 held 1, 0 sent 2, 0 held 2, 0 sent 3, 0 held 3");
	assert_int_equal(command(desk, "release 2"), 0);
	assert_int_equal(command(desk, "release 2"), -1);
	assert_int_equal(command(desk, "drop 1"), 0);
	wait_until_ms(desk, 2000);
	assert_int_equal(command(desk, "release 3"), 0);
	assert_ends(desk, "1000 c1 lost, 1020 c2, 2020 c3");
}

static void the_learner_can_change_the_order(void **state)
{
	(void)state;
	struct desk *desk = desk_new(true, 0, NULL);
	send_data(desk, 2);
	assert_int_equal(command(desk, "release 2"), 0);
	wait_until_ms(desk, 30);
	assert_int_equal(command(desk, "release 1"), 0);
	assert_ends(desk, "20 c2, 50 c1 late");
}

static void hold_and_flow_are_for_all(void **state)
{
	(void)state;
	struct desk *desk = desk_new(false, 0, NULL);
	send_data(desk, 1);
	assert_int_equal(command(desk, "hold"), 0);
	send_data(desk, 2);
	wait_until_ms(desk, 100);
	assert_int_equal(command(desk, "duplicate 3"), 0);
	assert_int_equal(command(desk, "corrupt 2"), 0);
	assert_int_equal(command(desk, "flow"), 0);
	send_data(desk, 1);
	assert_ends(desk, "20 c1, 120 c2 corrupt, 120 c3, 120 c4 of 3, 120 c5");
}

static void a_frame_in_flight_can_be_held(void **state)
{
	(void)state;
	struct desk *desk = desk_new(false, 0, NULL);
	send_data(desk, 2);
	wait_until_ms(desk, 10);
	assert_int_equal(command(desk, "hold 1"), 0);
	assert_int_equal(command(desk, "hold 1"), -1);
	assert_int_equal(command(desk, "drop 2"), 0);
	wait_until_ms(desk, 50);
	assert_int_equal(command(desk, "release 1"), 0);
	assert_ends(desk, "10 c2 lost, 70 c1");
}

static void senseless_commands_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  "release",
	                                  "release ",
	                                  "release x",
	                                  "release 1x",
	                                  "release 0",
	                                  "release 99",
	                                  "release -1",
	                                  "flows",
	                                  "hold 5",
	                                  "drop 18446744073709551617",
	                                  "hold all",
	                                  "Hold"};
	struct desk *desk = desk_new(true, 0, NULL);
	send_data(desk, 1);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(command(desk, bad[i]), -1);
	assert_int_equal(wire_count(desk->wire), 1);
	desk_free(desk);
}

static void the_end_of_the_wire_loses_the_rest(void **state)
{
	(void)state;
	struct desk *desk = WITH("swap client data 2 3", "mtu 576");
	assert_int_equal(command(desk, "hold"), 0);
	send_data(desk, 1);
	send_now(desk, CLIENT, TCP_ACK, 1000);
	assert_int_equal(command(desk, "flow"), 0);
	send_data(desk, 1);
	wire_cut(desk->wire, "the end", 5 * NS_PER_MS);
	assert_ends(desk, "5 c2 lost, 5 s3 lost, 5 c1 lost, 5 c4 lost");
}

/* Nothing that a host could send harms the wire. */
static void any_bytes_may_come(void **state)
{
	(void)state;
	struct desk *desk = WITH("mtu 576", "corrupt 50%", "duplicate 10%", "reorder 20%");
	struct test_frame frame;
	uint32_t x = 1;
	for (int i = 0; i < 20000; i++) {
		frame = frame_of(i % 2 ? 4 : 6, CLIENT, (unsigned)i & 0x3f, (uint32_t)i % 1400);
		if (i % 3 == 0)
			frame.bytes[FRAME_ETHERNET + 6] = 0; /* no DF */
		for (int k = 0; k < i % 9; k++) {
			x = x * 1664525 + 1013904223;
			frame.bytes[(x >> 8) % 80] = (uint8_t)(x >> 24);
		}
		x = x * 1664525 + 1013904223;
		wire_send(desk->wire, x >> 31 ? CLIENT : SERVER, frame.bytes,
		          i % 5 ? frame.len : (x >> 8) % frame.len, i * NS_PER_US);
		wire_advance(desk->wire, i * NS_PER_US);
	}
	wait_until_ms(desk, 10000);
	assert_int_equal(wire_count(desk->wire), 0);
	desk_free(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_frame_takes_twenty_milliseconds),
	        cmocka_unit_test(an_earlier_time_overtakes_nothing),
	        cmocka_unit_test(sending_and_arriving_are_told_on_a_slow_wire),
	        cmocka_unit_test(telling_is_bounded),
	        cmocka_unit_test(a_lost_frame_keeps_its_place_and_is_counted),
	        cmocka_unit_test(numbers_count_transmissions_of_that_end),
	        cmocka_unit_test(behind_a_cut_nothing_arrives_from_either_end),
	        cmocka_unit_test(a_late_frame_is_overtaken),
	        cmocka_unit_test(a_duplicate_goes_right_behind),
	        cmocka_unit_test(swapped_frames_change_places),
	        cmocka_unit_test(a_swap_without_the_other_ends),
	        cmocka_unit_test(a_swap_partner_may_be_lost),
	        cmocka_unit_test(corruption_changes_a_byte_and_not_the_checksum),
	        cmocka_unit_test(losses_are_as_often_as_said_and_the_same_for_a_seed),
	        cmocka_unit_test(a_rate_puts_frames_one_behind_the_other),
	        cmocka_unit_test(a_full_queue_loses_the_last),
	        cmocka_unit_test(what_is_too_large_is_answered_as_a_router_would),
	        cmocka_unit_test(ipv6_is_told_packet_too_big),
	        cmocka_unit_test(what_may_be_cut_is_cut),
	        cmocka_unit_test(a_silent_wire_answers_nothing),
	        cmocka_unit_test(the_wire_has_an_end),
	        cmocka_unit_test(held_frames_wait_for_the_learner),
	        cmocka_unit_test(the_learner_can_change_the_order),
	        cmocka_unit_test(hold_and_flow_are_for_all),
	        cmocka_unit_test(a_frame_in_flight_can_be_held),
	        cmocka_unit_test(senseless_commands_are_refused),
	        cmocka_unit_test(the_end_of_the_wire_loses_the_rest),
	        cmocka_unit_test(any_bytes_may_come),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
