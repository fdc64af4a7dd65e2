/* test_talks.c: which end is the client where no connection says so. */
#include "tui_model.h"

#include "sink/talks.h"

static struct endpoint host_at(unsigned host, unsigned port)
{
	return (struct endpoint){.addr = {.version = 4, .bytes = {192, 0, 2, (uint8_t)host}},
	                         .port = (uint16_t)port};
}

static struct event datagram(struct endpoint src, struct endpoint dst)
{
	struct event event = {.kind = EVENT_DATAGRAM};
	event.datagram.src = src;
	event.datagram.dst = dst;
	return event;
}

static struct event icmp(struct endpoint src, struct endpoint dst)
{
	struct event event = {.kind = EVENT_FRAME};
	event.frame_info.kind = KIND_ICMP;
	event.frame_info.ip.src = src.addr;
	event.frame_info.ip.dst = dst.addr;
	return event;
}

static void assert_side(struct talks *talks, struct event event, enum side expected)
{
	enum side side = N_SIDES;
	assert_true(talks_side(talks, &event, &side));
	assert_int_equal(side, expected);
}

static void who_sends_first_is_the_client(void **state)
{
	(void)state;
	struct talks talks = {.n = 0};
	assert_side(&talks, datagram(host_at(1, 4000), host_at(2, 53)), CLIENT);
	assert_side(&talks, datagram(host_at(2, 53), host_at(1, 4000)), SERVER);
	assert_side(&talks, icmp(host_at(2, 0), host_at(1, 0)), SERVER); /* a host keeps its lane */
	assert_side(&talks, datagram(host_at(2, 9), host_at(3, 9)), CLIENT);
}

static void on_one_host_ports_tell_the_ends_apart(void **state)
{
	(void)state;
	struct talks talks = {.n = 0};
	enum side side;
	struct event echo = icmp(host_at(1, 0), host_at(1, 0));
	struct event self = datagram(host_at(1, 7), host_at(1, 7));
	assert_side(&talks, datagram(host_at(1, 4000), host_at(1, 53)), CLIENT);
	assert_side(&talks, datagram(host_at(1, 53), host_at(1, 4000)), SERVER);
	assert_false(talks_side(&talks, &echo, &side));
	assert_false(talks_side(&talks, &self, &side));
}

static void an_icmp_error_goes_back_to_who_sent_what_it_quotes(void **state)
{
	(void)state;
	struct talks talks = {.n = 0};
	struct event error = icmp(host_at(1, 0), host_at(1, 0));
	assert_side(&talks, datagram(host_at(1, 4000), host_at(1, 9)), CLIENT);
	error.frame_info.icmp.has_quote = true;
	error.frame_info.icmp.quote_src = host_at(1, 4000);
	error.frame_info.icmp.quote_dst = host_at(1, 9);
	assert_side(&talks, error, SERVER);
}

static void the_client_of_a_connection_stays_on_its_side(void **state)
{
	(void)state;
	struct talks talks = {.n = 0};
	enum side side;
	struct event opened = {.kind = EVENT_CONNECTION};
	opened.connection.action = CONNECTION_OPENED;
	opened.connection.ends[CLIENT] = host_at(1, 4000);
	opened.connection.ends[SERVER] = host_at(2, 80);
	assert_false(talks_side(&talks, &opened, &side));
	assert_side(&talks, icmp(host_at(2, 0), host_at(1, 0)), SERVER);
}

static void old_talks_make_room(void **state)
{
	(void)state;
	struct talks talks = {.n = 0};
	for (unsigned port = 0; port < 3 * TALKS; port++)
		assert_side(&talks, datagram(host_at(1, 1000 + port), host_at(1, 53)), CLIENT);
	assert_side(&talks, datagram(host_at(1, 53), host_at(1, 1000 + 3 * TALKS - 1)), SERVER);
	assert_side(&talks, datagram(host_at(1, 53), host_at(1, 1000)), CLIENT); /* forgotten */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(who_sends_first_is_the_client),
	        cmocka_unit_test(on_one_host_ports_tell_the_ends_apart),
	        cmocka_unit_test(an_icmp_error_goes_back_to_who_sent_what_it_quotes),
	        cmocka_unit_test(the_client_of_a_connection_stays_on_its_side),
	        cmocka_unit_test(old_talks_make_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
