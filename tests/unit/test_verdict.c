/* What a connection is called at its end: Zeek's conn_state and history, and the cause of a reset.
 */
#include "unit/segments.h"

struct verdict {
	const char *lines[12];
	const char *expected; /* "SF ShADadFf", the reset's cause behind it */
};

static void check(const struct verdict *v)
{
	struct wire w;
	char got[128] = "";
	wire_open(&w);
	for (size_t i = 0; v->lines[i]; i++)
		wire_send(&w, v->lines[i]);
	flow_end(w.flow);
	const struct connection *c = wire_report(&w);
	wire_add(got, sizeof got, "%s %s", conn_state_name(c->conn_state), c->history);
	if (c->reset_cause)
		wire_add(got, sizeof got, " %s",
		         diagnosis_name((enum diagnosis_label)c->reset_cause));
	if (strcmp(got, v->expected) != 0)
		fail_msg("%s …\n  got    %s\n  wanted %s", v->lines[0], got, v->expected);
	wire_close(&w);
}

#define OPEN "C S 0:0(0) win 9000", "S SA 0:0(0) ack 1 win 9000", "C A 1:1(0) ack 1 win 9000"

static void every_word_of_zeek_has_its_connection(void **state)
{
	(void)state;
	static const struct verdict verdicts[] = {
	        {{"C S 0:0(0) win 9000"}, "S0 S"},
	        {{OPEN}, "S1 ShA"},
	        {{OPEN, "C PA 1:11(10) ack 1 win 9000", "S PA 1:6(5) ack 11 win 9000",
	          "C FA 11:11(0) ack 6 win 9000", "S FA 6:6(0) ack 12 win 9000",
	          "C A 12:12(0) ack 7 win 9000"},
	         "SF ShADdFf"},
	        {{"C S 0:0(0) win 9000", "S RA 0:0(0) ack 1 win 0"}, "REJ Sr rst_closed_port"},
	        {{OPEN, "C FA 1:1(0) ack 1 win 9000", "S A 1:1(0) ack 2 win 9000"}, "S2 ShAFa"},
	        {{OPEN, "S FA 1:1(0) ack 1 win 9000", "C A 1:1(0) ack 2 win 9000"}, "S3 ShAf"},
	        {{OPEN, "C RA 1:1(0) ack 1 win 9000"}, "RSTO ShAR rst_linger"},
	        {{OPEN, "C PA 1:11(10) ack 1 win 9000", "S RA 1:1(0) ack 11 win 9000"},
	         "RSTR ShADr rst_abort"},
	        {{"C S 0:0(0) win 9000", "C R 1:1(0) win 0"}, "RSTOS0 SR"},
	        {{"S SA 0:0(0) ack 1 win 9000", "S RA 1:1(0) ack 1 win 9000"},
	         "RSTRH ^hr rst_abort"},
	        {{"C S 0:0(0) win 9000", "C FA 1:1(0) ack 1 win 9000"}, "SH SF"},
	        {{"S SA 0:0(0) ack 1 win 9000", "S FA 1:1(0) ack 1 win 9000"}, "SHR ^hf"},
	        {{"C PA 1:11(10) ack 1 win 9000", "S A 1:1(0) ack 11 win 9000"}, "OTH Da"},
	};
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
		check(&verdicts[i]);
}

static void the_history_tells_of_resends_gaps_and_windows(void **state)
{
	(void)state;
	static const struct verdict verdicts[] = {
	        {{OPEN, "C PA 1:11(10) ack 1 win 9000", "+0.300 C PA 1:11(10) ack 1 win 9000"},
	         "S1 ShADT"},
	        {{OPEN, "S A 1:1(0) ack 501 win 9000"}, "S1 ShAaG"},
	        {{OPEN, "S A 1:1(0) ack 1 win 0"}, "S1 ShAaw"},
	        {{"C SF 0:0(0) win 9000"}, "OTH Q"},
	        {{OPEN, "C FRA 1:1(0) ack 1 win 9000"}, "S1 ShAI rst_linger"},
	};
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
		check(&verdicts[i]);
}

static void windows_that_were_filled_are_counted(void **state)
{
	(void)state;
	struct wire w;
	wire_open(&w);
	wire_send(&w, "C S 0:0(0) win 2000");
	wire_send(&w, "S SA 0:0(0) ack 1 win 2000");
	wire_send(&w, "C A 1:1(0) ack 1 win 2000");
	wire_send(&w, "C PA 1:2001(2000) ack 1 win 2000");
	wire_send(&w, "S A 1:1(0) ack 2001 win 2000");
	wire_send(&w, "C PA 2001:4001(2000) ack 1 win 2000");
	flow_end(w.flow);
	assert_int_equal(wire_report(&w)->sent[CLIENT].windows_filled, 2);
	assert_int_equal(wire_report(&w)->sent[SERVER].windows_filled, 0);
	wire_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_word_of_zeek_has_its_connection),
	        cmocka_unit_test(the_history_tells_of_resends_gaps_and_windows),
	        cmocka_unit_test(windows_that_were_filled_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
