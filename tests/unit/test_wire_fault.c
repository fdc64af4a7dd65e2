/* test_wire_fault.c: the words for what is done to frames on the wire, and what they name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/wire_fault.h"
#include "wire_frames.h"

static struct wire_fault parsed(const char *words)
{
	struct wire_fault fault;
	struct err err;
	if (wire_fault_parse(&fault, words, &err) < 0)
		fail_msg("%s: %s", words, err.message);
	return fault;
}

static void assert_refused(const char *words, const char *message)
{
	struct wire_fault fault;
	struct err err;
	assert_int_equal(wire_fault_parse(&fault, words, &err), -1);
	assert_string_equal(err.message, message);
}

static void a_frame_is_named_by_end_kind_and_number(void **state)
{
	(void)state;
	struct wire_fault f = parsed("drop client data 2");
	assert_int_equal(f.effect, EFFECT_DROP);
	assert_false(f.by_chance);
	assert_int_equal(f.from, CLIENT);
	assert_int_equal(f.kind, WIRE_KIND_DATA);
	assert_int_equal(f.first, 2);
	f = parsed("cut server ACK 3");
	assert_int_equal(f.effect, EFFECT_CUT);
	assert_int_equal(f.first, 3);
	f = parsed("cut 2s");
	assert_int_equal(f.effect, EFFECT_CUT);
	assert_int_equal(f.span_ns, 2 * NS_PER_SECOND);
	f = parsed("  duplicate server\tSYN,ACK 1 ");
	assert_int_equal(f.effect, EFFECT_DUPLICATE);
	assert_int_equal(f.from, SERVER);
	assert_int_equal(f.kind, WIRE_KIND_SYN_ACK);
	assert_string_equal(f.text, "duplicate server SYN,ACK 1");
	f = parsed("corrupt client any");
	assert_int_equal(f.effect, EFFECT_CORRUPT);
	assert_int_equal(f.kind, WIRE_KIND_ANY);
	assert_int_equal(f.first, 0);
	assert_int_equal(parsed("drop client syn").kind, WIRE_KIND_SYN);
	f = parsed("swap server data 2 3");
	assert_int_equal(f.effect, EFFECT_REORDER);
	assert_int_equal(f.first, 2);
	assert_int_equal(f.second, 3);
}

static void a_delay_is_of_one_frame_or_of_the_wire(void **state)
{
	(void)state;
	struct wire_fault f = parsed("delay server FIN 500ms");
	assert_int_equal(f.effect, EFFECT_HOLD_BACK);
	assert_int_equal(f.first, 0);
	assert_int_equal(f.span_ns, 500 * NS_PER_MS);
	f = parsed("delay server FIN 2 1.5s");
	assert_int_equal(f.first, 2);
	assert_int_equal(f.span_ns, 1500 * NS_PER_MS);
	f = parsed("delay 20ms");
	assert_int_equal(f.effect, EFFECT_DELAY);
	assert_int_equal(f.span_ns, 20 * NS_PER_MS);
	assert_int_equal(parsed("delay 250us").span_ns, 250 * NS_PER_US);
	assert_int_equal(parsed("delay 0ms").span_ns, 0);
	assert_int_equal(parsed("delay 60s").span_ns, 60 * NS_PER_SECOND);
}

static void chance_has_a_percentage_and_a_seed(void **state)
{
	(void)state;
	struct wire_fault f = parsed("loss 5% seed 7");
	assert_int_equal(f.effect, EFFECT_DROP);
	assert_true(f.by_chance);
	assert_false(f.has_side);
	assert_int_equal(f.millionths, 50000);
	assert_int_equal(f.seed, 7);
	f = parsed("loss server 0.01%");
	assert_true(f.has_side);
	assert_int_equal(f.from, SERVER);
	assert_int_equal(f.millionths, 100);
	assert_int_equal(f.seed, 1);
	assert_int_equal(parsed("duplicate 100%").millionths, 1000000);
	assert_int_equal(parsed("reorder 10%").effect, EFFECT_REORDER);
	assert_int_equal(parsed("corrupt client 1% seed 0").effect, EFFECT_CORRUPT);
}

static void the_wire_has_rate_queue_and_mtu(void **state)
{
	(void)state;
	assert_int_equal(parsed("rate 1mbit").rate, 1000000);
	assert_int_equal(parsed("rate 1.5Mbit").rate, 1500000);
	assert_int_equal(parsed("rate 64kbit").rate, 64000);
	assert_int_equal(parsed("queue 10").size, 10);
	assert_int_equal(parsed("mtu 576").size, 576);
	assert_false(parsed("mtu 576").silent);
	assert_true(parsed("mtu 576 silent").silent);
}

static void a_mistake_shows_the_word_and_the_nearest_form(void **state)
{
	(void)state;
	assert_refused("drop clint data 2", "--fault: in place of 'clint' comes client or server; "
	                                    "as in 'drop client data 2'");
	assert_refused(
	        "drop client date 2",
	        "--fault: in place of 'date' comes SYN or SYN,ACK, ACK, data, FIN, RST, any; "
	        "as in 'drop client data 2'");
	assert_refused("drop client data 0",
	               "--fault: in place of '0' comes a number from 1: which of "
	               "them; as in 'drop client data 2'");
	assert_refused("drop client data 2 3",
	               "--fault: '3' is too much; as in 'drop client data 2'");
	assert_refused("drop", "--fault: behind 'drop' is missing: client or server; as in 'drop "
	                       "client data 2'");
	assert_refused("swap server data 3 2",
	               "--fault: in place of '2' comes a larger number than the first: which of "
	               "them; as in 'swap server data 2 3'");
	assert_refused("dorp client data",
	               "--fault: there is no fault 'dorp'; there is drop (as in "
	               "'drop client data 2')");
	assert_refused("loss 5",
	               "--fault: in place of '5' comes a percentage such as 5% or 0.1%, at "
	               "most 100%; as in 'loss 5% seed 7'");
	assert_refused("loss 5% sead 7", "--fault: in place of 'sead' comes seed and a number, or "
	                                 "nothing; as in 'loss 5% seed 7'");
	assert_refused("loss 5% seed",
	               "--fault: behind 'seed' is missing: a number: the same number, "
	               "the same choice; as in 'loss 5% seed 7'");
	assert_refused("delay 20",
	               "--fault: in place of '20' comes a time such as 500ms or 1.5s, at "
	               "most 60s; as in 'delay 20ms'");
	assert_refused("mtu 100", "--fault: in place of '100' comes a number of bytes from 576 to "
	                          "1500; as in 'mtu 576'");
	assert_refused("mtu 576 quiet",
	               "--fault: in place of 'quiet' comes silent, or nothing; as in "
	               "'mtu 576'");
	assert_refused("", "--fault takes some short words, as in 'drop client data 2'");
	assert_refused("drop client data 2 a b c d e f g",
	               "--fault takes some short words, as in 'drop client data 2'");
}

static void numbers_out_of_range_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
	        "loss 101%",   "loss 0%",     "loss -1%",  "delay 61s",
	        "delay -1ms",  "delay ms",    "rate 1bit", "rate 1",
	        "queue 0",     "queue 5000",  "mtu 1501",  "mtu 575",
	        "delay 1e3ms", "rate .5mbit", "loss 5%%",  "queue 99999999999999999999",
	        "delay 1.s"};
	struct wire_fault fault;
	struct err err;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (wire_fault_parse(&fault, bad[i], &err) == 0)
			fail_msg("accepted: %s", bad[i]);
	}
}

static void faults_must_fit_together(void **state)
{
	(void)state;
	struct wire_faults faults = {.n = 0};
	struct err err;
	assert_int_equal(wire_faults_add(&faults, "queue 10", &err), 0);
	assert_int_equal(wire_faults_check(&faults, false, &err), -1);
	assert_non_null(strstr(err.message, "needs a rate"));
	assert_int_equal(wire_faults_add(&faults, "rate 1mbit", &err), 0);
	assert_int_equal(wire_faults_check(&faults, false, &err), 0);
	assert_int_equal(wire_faults_add(&faults, "mtu 1279", &err), 0);
	assert_int_equal(wire_faults_check(&faults, false, &err), 0);
	assert_int_equal(wire_faults_check(&faults, true, &err), -1);
	assert_int_equal(wire_faults_add(&faults, "mtu 1280", &err), 0);
	assert_int_equal(wire_faults_check(&faults, true, &err), 0); /* the last one counts */
}

static void there_are_not_too_many_faults(void **state)
{
	(void)state;
	struct wire_faults faults = {.n = 0};
	struct err err;
	for (int i = 0; i < WIRE_MAX_FAULTS; i++)
		assert_int_equal(wire_faults_add(&faults, "drop client data", &err), 0);
	assert_int_equal(wire_faults_add(&faults, "drop client data", &err), -1);
	assert_non_null(strstr(err.message, "at most 32"));
}

/* ---- faults that a lab has ready ---- */

static void write_file(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(content, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void a_name_stands_for_the_faults_in_a_file(void **state)
{
	(void)state;
	char folder[] = "/tmp/wirelab-faults.XXXXXX", path[64];
	struct wire_faults faults = {.n = 0};
	struct err err;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/faults", folder);
	assert_int_equal(wire_faults_add_named(&faults, "both", folder, &err), -1);
	assert_null(strstr(err.message, "under a name"));
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof path, "%s/faults/both", folder);
	write_file(path, "# two\n\ndrop client SYN 1 # this one\n  delay 5ms\r\n");
	assert_int_equal(wire_faults_add_named(&faults, "both", folder, &err), 0);
	assert_int_equal(wire_faults_add_named(&faults, "loss 5%", folder, &err), 0);
	assert_int_equal(faults.n, 3);
	assert_string_equal(faults.all[0].text, "drop client SYN 1");
	assert_string_equal(faults.all[1].text, "delay 5ms");
	assert_int_equal(wire_faults_add_named(&faults, "bot", folder, &err), -1);
	assert_non_null(strstr(err.message, "; this lab has under a name: both"));
	assert_int_equal(wire_faults_add_named(&faults, "../faults/both", folder, &err), -1);
	write_file(path, "delay 5ms\ndelay soon\n");
	assert_int_equal(wire_faults_add_named(&faults, "both", folder, &err), -1);
	assert_non_null(strstr(err.message, "faults/both, line 2: --fault: in place of 'soon'"));
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof path, "%s/faults", folder);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

/* ---- frames ---- */

static unsigned kinds_of(unsigned flags, uint32_t n)
{
	struct wire_frame frame;
	struct test_frame bytes = frame_of(4, CLIENT, flags, n);
	wire_frame_read(&frame, bytes.bytes, bytes.len);
	return frame.kinds;
}

static unsigned bits(enum wire_kind a, enum wire_kind b)
{
	return 1U << a | 1U << b | 1U << WIRE_KIND_ANY;
}

static void a_frame_can_be_of_several_kinds(void **state)
{
	(void)state;
	assert_int_equal(kinds_of(TCP_SYN, 0), bits(WIRE_KIND_SYN, WIRE_KIND_SYN));
	assert_int_equal(kinds_of(TCP_SYN | TCP_ACK, 0),
	                 bits(WIRE_KIND_SYN_ACK, WIRE_KIND_SYN_ACK));
	assert_int_equal(kinds_of(TCP_ACK, 0), bits(WIRE_KIND_ACK, WIRE_KIND_ACK));
	assert_int_equal(kinds_of(TCP_ACK | TCP_PSH, 3), bits(WIRE_KIND_DATA, WIRE_KIND_DATA));
	assert_int_equal(kinds_of(TCP_ACK | TCP_FIN, 0), bits(WIRE_KIND_FIN, WIRE_KIND_FIN));
	assert_int_equal(kinds_of(TCP_ACK | TCP_FIN, 3), bits(WIRE_KIND_FIN, WIRE_KIND_DATA));
	assert_int_equal(kinds_of(TCP_RST | TCP_ACK, 0), bits(WIRE_KIND_RST, WIRE_KIND_RST));
}

static void what_is_not_ip_is_no_kind(void **state)
{
	(void)state;
	struct wire_frame frame;
	struct test_frame bytes = frame_of(4, CLIENT, TCP_SYN, 0);
	for (uint32_t len = 0; len < bytes.len; len++) {
		wire_frame_read(&frame, bytes.bytes, len);
		assert_true(frame.corrupt_at < len || frame.corrupt_at == 0);
		assert_int_equal(frame.kinds & (1U << WIRE_KIND_SYN), 0);
	}
	bytes.bytes[13] = 0x06; /* ARP */
	wire_frame_read(&frame, bytes.bytes, bytes.len);
	assert_int_equal(frame.kinds, 0);
	assert_int_equal(frame.version, 0);
}

static void assert_described(unsigned flags, uint32_t n, const char *expected)
{
	TEXT(t, 64);
	struct test_frame bytes = frame_of(6, SERVER, flags, n);
	wire_frame_describe(&t, bytes.bytes, bytes.len);
	assert_string_equal(t.bytes, expected);
}

static void a_frame_is_described_in_short(void **state)
{
	(void)state;
	assert_described(TCP_SYN | TCP_ACK, 0, "SYN,ACK");
	assert_described(TCP_ACK | TCP_PSH, 14, "data 14 bytes");
	assert_described(TCP_ACK, 1, "data 1 byte");
	assert_described(TCP_ACK | TCP_FIN, 2, "data 2 bytes, FIN");
	assert_described(TCP_ACK | TCP_FIN, 0, "FIN,ACK");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_frame_is_named_by_end_kind_and_number),
	        cmocka_unit_test(a_delay_is_of_one_frame_or_of_the_wire),
	        cmocka_unit_test(chance_has_a_percentage_and_a_seed),
	        cmocka_unit_test(the_wire_has_rate_queue_and_mtu),
	        cmocka_unit_test(a_mistake_shows_the_word_and_the_nearest_form),
	        cmocka_unit_test(numbers_out_of_range_are_refused),
	        cmocka_unit_test(faults_must_fit_together),
	        cmocka_unit_test(there_are_not_too_many_faults),
	        cmocka_unit_test(a_name_stands_for_the_faults_in_a_file),
	        cmocka_unit_test(a_frame_can_be_of_several_kinds),
	        cmocka_unit_test(what_is_not_ip_is_no_kind),
	        cmocka_unit_test(a_frame_is_described_in_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
