/* test_filter.c: one expression on frames of several link types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/filter.h"

enum { IP_LEN = 20, TCP_LEN = 20, MAX_LINK = 32 };

/* A frame with `link` bytes of link header (its last two: the EtherType, if any), IPv4 and a TCP
 * segment from port 40000 to `port`. */
static uint32_t build(uint8_t *frame, const uint8_t *link, size_t link_len, uint16_t port)
{
	static const uint8_t ip[IP_LEN] = {0x45, 0, 0,  40, 0, 1, 0x40, 0, 64, 6,
	                                   0,    0, 10, 0,  0, 1, 10,   0, 0,  2};
	uint8_t tcp[TCP_LEN] = {0x9c, 0x40, (uint8_t)(port >> 8), (uint8_t)port, [12] = 0x50};

	if (link_len > 0)
		memcpy(frame, link, link_len);
	memcpy(frame + link_len, ip, sizeof ip);
	memcpy(frame + link_len + IP_LEN, tcp, sizeof tcp);
	return (uint32_t)(link_len + IP_LEN + TCP_LEN);
}

static const struct {
	int linktype;
	size_t len;
	uint8_t header[MAX_LINK];
} links[] = {
        {1, 14, {[12] = 0x08, [13] = 0x00}},   /* Ethernet */
        {0, 4, {2, 0, 0, 0}},                  /* NULL, AF_INET little-endian */
        {12, 0, {0}},                          /* raw IP, two numbers of it */
        {101, 0, {0}},                         /* */
        {108, 4, {0, 0, 0, 2}},                /* LOOP */
        {113, 16, {[14] = 0x08, [15] = 0x00}}, /* cooked, version 1 */
        {276, 20, {[0] = 0x08, [1] = 0x00}},   /* cooked, version 2 */
        {228, 0, {0}},                         /* IPv4 */
        {9, 4, {0xff, 0x03, 0x00, 0x21}},      /* PPP */
        {104, 4, {0x0f, 0x00, 0x08, 0x00}},    /* Cisco HDLC: compiled when met */
};

enum { N_LINKS = sizeof links / sizeof links[0] };

static int match(struct filter *filter, size_t link, uint16_t port, struct err *err)
{
	uint8_t frame[MAX_LINK + IP_LEN + TCP_LEN];
	uint32_t len = build(frame, links[link].header, links[link].len, port);
	struct record record = {
	        .linktype = links[link].linktype, .caplen = len, .wirelen = len, .data = frame};

	return filter_match(filter, &record, err);
}

static struct filter *filter_of(const char *expression)
{
	struct err err = {""};
	struct filter *filter = filter_new(expression, &err);

	if (!filter)
		fail_msg("%s", err.message);
	return filter;
}

static void an_expression_works_on_every_link_type(void **state)
{
	struct filter *filter = filter_of("tcp dst port 80 and host 10.0.0.1");
	struct err err = {""};

	(void)state;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < N_LINKS; i++) {
			assert_int_equal(match(filter, i, 80, &err), 1);
			assert_int_equal(match(filter, i, 81, &err), 0);
		}
	filter_free(filter);
}

static void without_a_filter_everything_passes(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(match(NULL, 0, 80, &err), 1);
}

static void an_empty_expression_passes_everything(void **state)
{
	struct filter *filter = filter_of("");
	struct err err;

	(void)state;
	assert_int_equal(match(filter, 0, 80, &err), 1);
	filter_free(filter);
}

static void a_wrong_expression_is_refused_with_its_reason(void **state)
{
	static const char *const wrong[] = {"tcp port", "port 99999",         "tcp and and",
	                                    "foo bar",  "port nosuchservice", ")"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct err err = {""};
		assert_null(filter_new(wrong[i], &err));
		assert_non_null(strstr(err.message, wrong[i]));
		assert_non_null(strstr(err.message, "pcap-filter"));
	}
}

static void what_makes_no_sense_for_a_link_type_is_said_once(void **state)
{
	struct filter *filter = filter_of("ether host 00:00:00:00:00:00");
	struct err err = {""};

	(void)state;
	assert_int_equal(match(filter, 0, 80, &err), 1);
	assert_int_equal(match(filter, 2, 80, &err), -1);
	assert_non_null(strstr(err.message, "link type 12"));
	assert_int_equal(match(filter, 2, 80, &err), 0);
	assert_int_equal(match(filter, 0, 80, &err), 1);
	filter_free(filter);
}

static void an_expression_for_another_link_type_than_ethernet_is_taken(void **state)
{
	struct filter *filter = filter_of("ifindex 0");
	struct err err = {""};

	(void)state;
	assert_int_equal(match(filter, 6, 80, &err), 1); /* cooked v2 has an interface number */
	assert_int_equal(match(filter, 0, 80, &err), -1);
	filter_free(filter);
}

static void any_number_of_link_types_is_bounded(void **state)
{
	struct filter *filter = filter_of("tcp port 80");
	struct err err;
	uint8_t frame[64] = {0};

	(void)state;
	for (int linktype = 0; linktype < 65536; linktype += 7) {
		struct record record = {
		        .linktype = linktype, .caplen = 64, .wirelen = 64, .data = frame};
		assert_true(filter_match(filter, &record, &err) <= 0);
	}
	assert_int_equal(match(filter, 0, 80, &err), 1);
	filter_free(filter);
}

static void short_frames_do_not_pass_and_do_no_harm(void **state)
{
	struct filter *filter = filter_of("tcp[tcpflags] & tcp-syn == 0 and tcp port 80");
	struct err err;

	(void)state;
	for (size_t i = 0; i < N_LINKS; i++) {
		uint8_t frame[MAX_LINK + IP_LEN + TCP_LEN];
		uint32_t len = build(frame, links[i].header, links[i].len, 80);
		for (uint32_t caplen = 0; caplen <= len; caplen++) {
			struct record record = {.linktype = links[i].linktype,
			                        .caplen = caplen,
			                        .wirelen = len,
			                        .data = frame};
			bool flags_seen = caplen >= links[i].len + IP_LEN + 14;
			assert_int_equal(filter_match(filter, &record, &err), flags_seen);
		}
	}
	filter_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_expression_works_on_every_link_type),
	        cmocka_unit_test(without_a_filter_everything_passes),
	        cmocka_unit_test(an_empty_expression_passes_everything),
	        cmocka_unit_test(a_wrong_expression_is_refused_with_its_reason),
	        cmocka_unit_test(what_makes_no_sense_for_a_link_type_is_said_once),
	        cmocka_unit_test(an_expression_for_another_link_type_than_ethernet_is_taken),
	        cmocka_unit_test(any_number_of_link_types_is_bounded),
	        cmocka_unit_test(short_frames_do_not_pass_and_do_no_harm),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
