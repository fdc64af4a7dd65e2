/* Messages of DNS: exact outputs over UDP and TCP, and hostile input. */
#include "stream/dns.h"
#include "talks.h"

#define HEADER(id, flags, q, an, ns, ar) id flags "\0" q "\0" an "\0" ns "\0" ar
#define QUERY(q)                         HEADER("\x12\x34", "\x01\x00", q, "\0", "\0", "\0")
#define WWW_LAB                          "\3www\3lab\0"
#define CLASS_IN                         "\0\1"
#define TTL_60                           "\0\0\0\x3c"
#define OWNER                            "\xc0\x0c" /* the name of the question */

/* A datagram between those two ports. */
static void datagram(struct talking *t, uint16_t from, uint16_t to, const char *bytes, size_t n)
{
	struct endpoint src = {.addr = {4, {10, 0, 0, 1}}, .port = from};
	struct endpoint dst = {.addr = {4, {10, 0, 0, 2}}, .port = to};
	uint8_t *copy = malloc(n + 1);
	assert_non_null(copy);
	memcpy(copy, bytes, n);
	struct payload p = {.bytes = copy,
	                    .len = (uint32_t)n,
	                    .wirelen = (uint32_t)n,
	                    .frame = ++t->frame,
	                    .time_ns = (int64_t)t->frame * NS_PER_MS};
	messages_datagram(t->messages, &src, &dst, &p);
	free(copy);
}

static void one(const char *bytes, size_t n, uint16_t port, bool fields, const char *want)
{
	struct talking t;
	talking_begin(&t, port);
	t.ear.fields = fields;
	datagram(&t, 40000, port, bytes, n);
	assert_string_equal(t.ear.heard, want);
	talking_free(&t);
}

#define ONE(port, fields, bytes, want) one(bytes, sizeof(bytes) - 1, port, fields, want)

static void a_query_says_what_it_asks(void **state)
{
	(void)state; /* none of these tests needs one */
	ONE(53, true, QUERY("\1") WWW_LAB "\0\1" CLASS_IN,
	    "client dns query (25) query A www.lab\n"
	    "  dns.id=0x1234\n"
	    "  dns.flags=recursion desired\n"
	    "  dns.qry.name=www.lab\n"
	    "  dns.qry.type=A\n");
	ONE(53, false,
	    HEADER("\0\1", "\x28\0", "\1", "\0", "\0", "\0") "\3lab\0"
	                                                     "\0\6" CLASS_IN,
	    "client dns query (21) query UPDATE SOA lab\n");
}

#define RESPONSE(an) HEADER("\x12\x34", "\x85\x80", "\1", an, "\0", "\0") WWW_LAB

static void a_response_has_its_records_in_words(void **state)
{
	(void)state;
	ONE(53, true,
	    RESPONSE("\2") "\0\1" CLASS_IN OWNER "\0\5" CLASS_IN TTL_60 "\0\4"
	                   "\1a\xc0\x10"
	                   "\xc0\x25\0\1" CLASS_IN TTL_60 "\0\4\x0a\0\0\7",
	    "server dns response (57) response A www.lab: a.lab, 10.0.0.7\n"
	    "  dns.id=0x1234\n"
	    "  dns.flags=response, authoritative, recursion desired, recursion available\n"
	    "  dns.flags.rcode=NOERROR\n"
	    "  dns.qry.name=www.lab\n"
	    "  dns.qry.type=A\n"
	    "  dns.count.answers=2\n"
	    "  dns.cname=a.lab\n"
	    "  dns.answer=www.lab 60 CNAME a.lab\n"
	    "  dns.a=10.0.0.7\n"
	    "  dns.answer=a.lab 60 A 10.0.0.7\n");
}

/* One answer of each type: its data on the wire, and in words. */
static void each_type_of_record_is_in_words(void **state)
{
	(void)state;
	static const struct record {
		uint16_t type;
		const char *data;
		size_t n;
		const char *words;
	} records[] = {
#define RECORD(type, data, words) {type, data, sizeof(data) - 1, words}
	        RECORD(1, "\x7f\0\0\1", "A 127.0.0.1"),
	        RECORD(2, "\2ns\xc0\x10", "NS ns.lab"),
	        RECORD(6, "\2ns\xc0\x10\2me\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5",
	               "SOA ns.lab me 1 2 3 4 5"),
	        RECORD(12, "\1p\0", "PTR p"),
	        RECORD(13, "\3cpu\2os", "HINFO \"cpu\" \"os\""),
	        RECORD(15, "\0\x0a\2mx\xc0\x10", "MX 10 mx.lab"),
	        RECORD(16, "\5hello\2\"\\", "TXT \"hello\" \"\"\\\\\""),
	        RECORD(28, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", "AAAA 2001:db8::1"),
	        RECORD(33, "\0\1\0\2\x1f\x90\1s\0", "SRV 1 2 8080 s"),
	        RECORD(39, "\1d\0", "DNAME d"),
	        RECORD(43, "\x12\x34\x08\x02\xab\xcd", "DS 4660 8 2 abcd"),
	        RECORD(48, "\1\1\3\x0d\xaa\xbb", "DNSKEY 257 3 13 aabb"),
	        RECORD(52, "\3\1\1\xff", "TLSA 3 1 1 ff"),
	        RECORD(65, "\0\1\0\0\1\0\3\2h2", "HTTPS 1 . 000100030268"),
	        RECORD(257, "\0\5issueca.lab", "CAA 0 \"issue\" \"ca.lab\""),
	        RECORD(65280, "\1\2", "TYPE65280 \\# 2 0102"),
#undef RECORD
	};
	for (size_t i = 0; i < COUNT(records); i++) {
		static const char head[] = RESPONSE("\1") "\0\1" CLASS_IN OWNER;
		const struct record *r = &records[i];
		char bytes[512], want[512];
		size_t n = sizeof head - 1;
		memcpy(bytes, head, n);
		bytes[n++] = (char)(r->type >> 8);
		bytes[n++] = (char)r->type;
		memcpy(bytes + n, CLASS_IN TTL_60 "\0", 7);
		bytes[n + 7] = (char)r->n;
		memcpy(bytes + n + 8, r->data, r->n);
		n += 8 + r->n;
		(void)snprintf(want, sizeof want, "dns.answer=www.lab 60 %s", r->words);
		struct talking t;
		talking_begin(&t, 53);
		t.ear.fields = true;
		datagram(&t, 53, 40000, bytes, n);
		struct text shown = text_of(bytes, sizeof bytes);
		text_add_safe(&shown, want, strlen(want));
		if (!strstr(t.ear.heard, bytes))
			print_error("%s\n%s", bytes, t.ear.heard);
		assert_non_null(strstr(t.ear.heard, bytes));
		assert_null(strstr(t.ear.heard, "!"));
		talking_free(&t);
	}
}

static void refusals_and_truncation_are_in_the_summary(void **state)
{
	(void)state;
	ONE(53, false, HEADER("\0\1", "\x81\x83", "\1", "\0", "\0", "\0") WWW_LAB "\0\x1c" CLASS_IN,
	    "server dns response (25) response AAAA www.lab: NXDOMAIN\n");
	ONE(53, false, HEADER("\0\1", "\x81\x80", "\1", "\0", "\0", "\0") WWW_LAB "\0\x1c" CLASS_IN,
	    "server dns response (25) response AAAA www.lab: no such record\n");
	ONE(53, false, HEADER("\0\1", "\x83\x80", "\1", "\0", "\0", "\0") WWW_LAB "\0\x10" CLASS_IN,
	    "server dns response (25) response TXT www.lab: truncated\n");
}

static void edns_is_told(void **state)
{
	(void)state;
	ONE(53, true,
	    HEADER("\0\1", "\1\x20", "\1", "\0", "\0", "\1") WWW_LAB
	    "\0\1" CLASS_IN "\0\0\x29\x04\xd0\0\0\x80\0\0\0",
	    "client dns query (36) query A www.lab\n"
	    "  dns.id=0x0001\n"
	    "  dns.flags=recursion desired, authentic data\n"
	    "  dns.qry.name=www.lab\n"
	    "  dns.qry.type=A\n"
	    "  dns.count.add_rr=1\n"
	    "  dns.edns=UDP up to 1232 bytes, DNSSEC wanted\n");
}

static void neighbours_ask_each_other_by_other_names(void **state)
{
	(void)state;
	ONE(5353, false, HEADER("\0\0", "\0\0", "\1", "\0", "\0", "\0") WWW_LAB "\0\1" CLASS_IN,
	    "client mdns query (25) query A www.lab\n");
	ONE(5355, false, HEADER("\0\0", "\0\0", "\1", "\0", "\0", "\0") WWW_LAB "\0\1" CLASS_IN,
	    "client llmnr query (25) query A www.lab\n");
}

static void an_answer_knows_its_question(void **state)
{
	(void)state;
	struct talking t;
	static const char query[] = QUERY("\1") WWW_LAB "\0\1" CLASS_IN;
	static const char other[] =
	        HEADER("\x99\x99", "\x81\x80", "\1", "\0", "\0", "\0") WWW_LAB "\0\1" CLASS_IN;
	static const char answer[] =
	        HEADER("\x12\x34", "\x81\x80", "\1", "\0", "\0", "\0") WWW_LAB "\0\1" CLASS_IN;
	struct endpoint a = {.addr = {4, {10, 0, 0, 1}}, .port = 40000};
	struct endpoint b = {.addr = {4, {10, 0, 0, 2}}, .port = 53};
	talking_begin(&t, 53);
	t.ear.frames = true;
	datagram(&t, 40000, 53, query, sizeof query - 1);
	const char *const replies[] = {other, answer};
	for (uint64_t i = 0; i < 2; i++) {
		struct payload p = {.bytes = (const uint8_t *)replies[i],
		                    .len = sizeof query - 1,
		                    .wirelen = sizeof query - 1,
		                    .frame = 2 + i,
		                    .time_ns = 9 * NS_PER_MS};
		messages_datagram(t.messages, &b, &a, &p);
	}
	assert_string_equal(t.ear.heard,
	                    "client dns query (25) query A www.lab @1\n"
	                    "server dns response (25) response A www.lab: no such record @2\n"
	                    "server dns response (25) response A www.lab: no such record @3 <1\n");
	talking_free(&t);
}

/* RFC 6891 section 6.1.3: the upper eight bits of a code are in OPT. */
static void the_code_of_edns_is_in_the_summary(void **state)
{
	(void)state;
#define WITH_OPT(code)                                                                             \
	HEADER("\x12\x34", "\x85\x80", "\1", "\0", "\0", "\1")                                     \
	WWW_LAB "\0\1" CLASS_IN "\0\0\x29\x04\xd0" code "\0\0\0\0\0"
	ONE(53, false, WITH_OPT("\1"), "server dns response (36) response A www.lab: BADVERS\n");
	ONE(53, false, WITH_OPT("\3"), "server dns response (36) response A www.lab: RCODE48\n");
	ONE(53, false, WITH_OPT("\0"),
	    "server dns response (36) response A www.lab: no such record\n");
}

static void what_is_no_question_finds_nothing_and_lacks_nothing(void **state)
{
	(void)state;
	ONE(53, false, HEADER("\0\1", "\xa4\0", "\1", "\0", "\0", "\0") WWW_LAB "\0\6" CLASS_IN,
	    "server dns response (25) response NOTIFY SOA www.lab\n");
	ONE(53, false, HEADER("\0\1", "\xa8\0", "\0", "\0", "\0", "\0"),
	    "server dns response (12) response UPDATE\n");
}

/* ---- by what is said ---- */

static void on_another_port_only_what_looks_like_dns_is_dns(void **state)
{
	(void)state;
	ONE(9953, false, QUERY("\1") WWW_LAB "\0\1" CLASS_IN,
	    "client dns query (25) query A www.lab\n");
	ONE(9953, false, "Hello, this is a datagram of twelve bytes and more", "");
	ONE(9953, false, QUERY("\1") WWW_LAB "\xff\1" CLASS_IN, "");
	ONE(9953, false, QUERY("\2") WWW_LAB "\0\1" CLASS_IN, "");
	ONE(9953, false, QUERY("\1") WWW_LAB "\0\1" CLASS_IN "more", "");
}

static void over_tcp_each_message_has_a_length_in_front(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "\0\x19" QUERY("\1") WWW_LAB "\0\1" CLASS_IN "\0\x19" QUERY("\1")
	                             WWW_LAB "\0\x1c" CLASS_IN),
	        SAYS(SERVER, "\0\x29" RESPONSE("\1") "\0\1" CLASS_IN OWNER "\0\1" CLASS_IN TTL_60
	                                             "\0\4\x0a\0\0\1"),
	};
	static const char want[] = "client dns query (27) query A www.lab\n"
	                           "client dns query (27) query AAAA www.lab\n"
	                           "server dns response (43) response A www.lab: 10.0.0.1\n";
	assert_messages(said, COUNT(said), 53, false, want);
	assert_messages(said, COUNT(said), 9953, false, want);
}

static void names_of_netbios_are_not_dns(void **state)
{
	(void)state;
	ONE(137, false, QUERY("\1") WWW_LAB "\0\1" CLASS_IN, "");
}

/* What comes behind a gap may be the middle of a message. */
static void behind_a_gap_a_message_has_to_look_like_one(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 53);
	SAY(&t, CLIENT, "\0\x19" QUERY("\1") WWW_LAB "\0\1" CLASS_IN);
	miss_bytes(&t, CLIENT, 100);
	SAY(&t, CLIENT, "this is text in the middle of a record");
	SAY(&t, CLIENT, "\0\x19" QUERY("\1") WWW_LAB "\0\x1c" CLASS_IN);
	talking_close(&t);
	assert_non_null(strstr(t.ear.heard, "client dns query (27) query AAAA www.lab\n"));
	talking_free(&t);
}

/* ---- hostile input ---- */

#define LIES "!its counts promise more than it holds, or a name is broken\n"

static void counts_that_lie_are_named(void **state)
{
	(void)state;
	ONE(53, false, HEADER("\0\1", "\1\0", "\xff", "\xff", "\0", "\0") WWW_LAB "\0\1" CLASS_IN,
	    "client dns query (25) query A www.lab " LIES);
	ONE(53, false, QUERY("\0"), "client dns query (12) query\n");
	ONE(53, false, QUERY("\0") "x", "client dns query (13) query !bytes behind its end\n");
	ONE(53, false, QUERY("\1") "\3ww", "client dns query (15) query " LIES);
	ONE(53, false, "\0\1\1\0", "");
}

static void pointers_that_go_in_circles_end(void **state)
{
	(void)state;
	ONE(53, false, QUERY("\1") "\xc0\x0c\0\1" CLASS_IN, "client dns query (18) query " LIES);
	ONE(53, false, QUERY("\1") "\1a\xc0\x0c\0\1" CLASS_IN, "client dns query (20) query " LIES);
	ONE(53, false, QUERY("\1") "\1a\xc0\xff\0\1" CLASS_IN, "client dns query (20) query " LIES);
	ONE(53, false, QUERY("\1") "\x40x\0\0\1" CLASS_IN, "client dns query (19) query " LIES);
}

/* Only the first records are read; of the others nothing but where they end. */
static void of_very_many_records_the_first_are_told(void **state)
{
	enum { N = 4000, ROW = 16, HEAD = 25 };
	(void)state;
	static char bytes[HEAD + N * ROW];
	struct talking t;
	memcpy(bytes, RESPONSE("\0") "\0\1" CLASS_IN, HEAD);
	memcpy(bytes + 6, "\x0f\xa0", 2); /* N answers */
	for (int i = 0; i < N; i++)
		memcpy(bytes + HEAD + i * ROW, OWNER "\0\1" CLASS_IN TTL_60 "\0\4\1\2\3\4", ROW);
	talking_begin(&t, 53);
	t.ear.fields = true;
	datagram(&t, 53, 40000, bytes, HEAD + N * ROW);
	assert_non_null(strstr(t.ear.heard, "1.2.3.4, ...\n"));
	assert_null(strstr(t.ear.heard, "!"));
	int n = 0;
	for (const char *at = t.ear.heard; (at = strstr(at, "dns.answer=")) != NULL; at++)
		n++;
	assert_int_equal(n, 24);
	talking_free(&t);
	one(bytes, HEAD + N * ROW - 1, 53, false, /* the last one is cut, and that is seen */
	    "server dns response (64024) response A www.lab: 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, "
	    "1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, "
	    "1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, 1.2.3.4, "
	    "1.2.3.4, 1.2.3.4, ... " LIES);
}

/* Each shows to the one before: all go back, but there are more than a name has labels. */
static void a_chain_of_pointers_has_an_end(void **state)
{
	enum { N = 200 };
	(void)state;
	char bytes[12 + 2 + 2 * N + 4] = QUERY("\1") "\1a";
	size_t n = 12;
	for (size_t i = 0; i < N; i++, n += 2) { /* the data of no record: only to be pointed at */
		bytes[n] = (char)(0xC0 | (n - 2) >> 8);
		bytes[n + 1] = (char)(n - 2);
	}
	struct text t;
	char room[1100];
	struct cursor c = cursor_of((const uint8_t *)bytes, n);
	bytes[10] = '\0'; /* what the first one shows to: the root */
	for (unsigned i = 0; i < N; i++) {
		c.at = 12 + 2 * i;
		t = text_of(room, sizeof room);
		assert_int_equal(dns_name_read(&c, &t), i < 128);
	}
}

static void a_name_that_is_too_long_is_broken(void **state)
{
	(void)state;
	char bytes[400] = QUERY("\1");
	size_t n = 12;
	for (int i = 0; i < 5; i++) {
		bytes[n] = 60;
		memset(bytes + n + 1, 'a', 60);
		n += 61;
	}
	memcpy(bytes + n, "\0\0\1\0\1", 5);
	one(bytes, n + 5, 53, false, "client dns query (322) query " LIES);
}

static void data_that_contradicts_its_type_is_named(void **state)
{
	(void)state;
	ONE(53, false, RESPONSE("\1") "\0\1" CLASS_IN OWNER "\0\1" CLASS_IN TTL_60 "\0\3\x0a\0\0",
	    "server dns response (40) response A www.lab: "
	    " !a record whose data contradicts its type\n");
}

static void every_truncation_is_survived(void **state)
{
	(void)state;
	static const char whole[] =
	        RESPONSE("\2") "\0\1" CLASS_IN OWNER "\0\5" CLASS_IN TTL_60 "\0\4\1a\xc0\x10"
	                       "\xc0\x25\0\1" CLASS_IN TTL_60 "\0\4\x0a\0\0\7";
	for (size_t n = 0; n < sizeof whole - 1; n++) {
		struct talking t;
		talking_begin(&t, 53);
		datagram(&t, 53, 40000, whole, n);
		assert_true(n < 12 ? t.ear.heard[0] == '\0' : strstr(t.ear.heard, "!") != NULL);
		talking_free(&t);
	}
}

static void a_length_too_small_over_tcp_is_unreadable(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "\0\x19" QUERY("\1") WWW_LAB "\0\1" CLASS_IN),
	        SAYS(CLIENT, "\0\3abc"),
	        SAYS(CLIENT, "\0\x19" QUERY("\1") WWW_LAB "\0\x1c" CLASS_IN),
	};
	char *got = messages_of(said, COUNT(said), 53, false, CUT_WHOLE, 0);
	assert_string_equal(got, "client dns query (27) query A www.lab\n"
	                         "client dns unreadable (5) \xef\xbf\xbd\\x03abc incomplete "
	                         "!bytes that are no message of this protocol\n"
	                         "client dns query (27) query AAAA www.lab\n");
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_query_says_what_it_asks),
	        cmocka_unit_test(a_response_has_its_records_in_words),
	        cmocka_unit_test(each_type_of_record_is_in_words),
	        cmocka_unit_test(refusals_and_truncation_are_in_the_summary),
	        cmocka_unit_test(edns_is_told),
	        cmocka_unit_test(the_code_of_edns_is_in_the_summary),
	        cmocka_unit_test(what_is_no_question_finds_nothing_and_lacks_nothing),
	        cmocka_unit_test(neighbours_ask_each_other_by_other_names),
	        cmocka_unit_test(an_answer_knows_its_question),
	        cmocka_unit_test(on_another_port_only_what_looks_like_dns_is_dns),
	        cmocka_unit_test(over_tcp_each_message_has_a_length_in_front),
	        cmocka_unit_test(names_of_netbios_are_not_dns),
	        cmocka_unit_test(behind_a_gap_a_message_has_to_look_like_one),
	        cmocka_unit_test(counts_that_lie_are_named),
	        cmocka_unit_test(pointers_that_go_in_circles_end),
	        cmocka_unit_test(of_very_many_records_the_first_are_told),
	        cmocka_unit_test(a_chain_of_pointers_has_an_end),
	        cmocka_unit_test(a_name_that_is_too_long_is_broken),
	        cmocka_unit_test(data_that_contradicts_its_type_is_named),
	        cmocka_unit_test(every_truncation_is_survived),
	        cmocka_unit_test(a_length_too_small_over_tcp_is_unreadable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
