/* test_lifecycle.c: both ends' states and numbers, segment by segment: how connections open, carry
 * data and close, also out of order, resent, half closed, crossed, wrapped and from the middle. */
#include "flow_stories.h"

static const struct row closes_in_four_segments[] = {
        {"C PA 1:101(100) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 101 2000 1 S 1 1 1000 101"},
        {"S A 1:1(0) ack 101 win 2000",
         "ESTABLISHED ESTABLISHED data C 101 101 2000 1 S 1 1 1000 101"},
        {"S PA 1:51(50) ack 101 win 2000",
         "ESTABLISHED ESTABLISHED data C 101 101 2000 51 S 1 51 1000 101"},
        {"C A 101:101(0) ack 51 win 950",
         "ESTABLISHED ESTABLISHED data C 101 101 2000 51 S 51 51 950 101"},
        {"C FA 101:101(0) ack 51 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 101 102 2000 51 S 51 51 1000 102"},
        {"S A 51:51(0) ack 102 win 2000",
         "FIN-WAIT-2 CLOSE-WAIT teardown 2 C 102 102 2000 51 S 51 51 1000 102"},
        {"S FA 51:51(0) ack 102 win 2000",
         "TIME-WAIT LAST-ACK teardown 3 C 102 102 2000 52 S 51 52 1000 102"},
        {"C A 102:102(0) ack 52 win 1000",
         "TIME-WAIT CLOSED teardown 4 C 102 102 2000 52 S 52 52 1000 102"},
        {NULL, NULL},
};

static const struct row closes_in_three_segments[] = {
        {"S FA 1:1(0) ack 1 win 2000",
         "CLOSE-WAIT FIN-WAIT-1 teardown 1 C 1 1 2000 2 S 1 2 1000 1"},
        {"C FA 1:1(0) ack 2 win 1000", "LAST-ACK TIME-WAIT teardown 2 C 1 2 2000 2 S 2 2 1000 2"},
        {"S A 2:2(0) ack 2 win 2000", "CLOSED TIME-WAIT teardown 3 C 2 2 2000 2 S 2 2 1000 2"},
        {NULL, NULL},
};

static const struct row closes_simultaneously_client_first[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S FA 1:1(0) ack 1 win 2000", "CLOSING CLOSING teardown 2 C 1 2 2000 2 S 1 2 1000 2"},
        {"C A 2:2(0) ack 2 win 1000", "CLOSING TIME-WAIT teardown 3 C 1 2 2000 2 S 2 2 1000 2"},
        {"S A 2:2(0) ack 2 win 2000", "TIME-WAIT TIME-WAIT teardown 4 C 2 2 2000 2 S 2 2 1000 2"},
        {NULL, NULL},
};

static const struct row closes_simultaneously_server_first[] = {
        {"S FA 1:1(0) ack 1 win 2000",
         "CLOSE-WAIT FIN-WAIT-1 teardown 1 C 1 1 2000 2 S 1 2 1000 1"},
        {"C FA 1:1(0) ack 1 win 1000", "CLOSING CLOSING teardown 2 C 1 2 2000 2 S 1 2 1000 2"},
        {"S A 2:2(0) ack 2 win 2000", "TIME-WAIT CLOSING teardown 3 C 2 2 2000 2 S 1 2 1000 2"},
        {"C A 2:2(0) ack 2 win 1000", "TIME-WAIT TIME-WAIT teardown 4 C 2 2 2000 2 S 2 2 1000 2"},
        {NULL, NULL},
};

static const struct row half_close_lets_data_follow_the_other_way[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S A 1:1(0) ack 2 win 2000", "FIN-WAIT-2 CLOSE-WAIT teardown 2 C 2 2 2000 1 S 1 1 1000 2"},
        {"S PA 1:101(100) ack 2 win 2000",
         "FIN-WAIT-2 CLOSE-WAIT teardown C 2 2 2000 101 S 1 101 1000 2"},
        {"C A 2:2(0) ack 101 win 900",
         "FIN-WAIT-2 CLOSE-WAIT teardown C 2 2 2000 101 S 101 101 900 2"},
        {"S FPA 101:151(50) ack 2 win 2000",
         "TIME-WAIT LAST-ACK teardown 3 C 2 2 2000 152 S 101 152 900 2"},
        {"C A 2:2(0) ack 152 win 850",
         "TIME-WAIT CLOSED teardown 4 C 2 2 2000 152 S 152 152 850 2"},
        {NULL, NULL},
};

static const struct row fin_rides_on_data[] = {
        {"C FPA 1:11(10) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 12 2000 1 S 1 1 1000 12"},
        {"S FA 1:1(0) ack 12 win 2000",
         "TIME-WAIT LAST-ACK teardown 2 C 12 12 2000 2 S 1 2 1000 12"},
        {"C A 12:12(0) ack 2 win 1000", "TIME-WAIT CLOSED teardown 3 C 12 12 2000 2 S 2 2 1000 12"},
        {NULL, NULL},
};

static const struct row fin_before_a_gap_arrives_when_the_gap_is_filled_and_acknowledged[] = {
        {"C FA 101:101(0) ack 1 win 1000",
         "FIN-WAIT-1 ESTABLISHED teardown 1 C 1 102 2000 1 S 1 1 1000 1"},
        {"S A 1:1(0) ack 1 win 2000",
         "FIN-WAIT-1 ESTABLISHED teardown C 1 102 2000 1 S 1 1 1000 1"},
        {"C PA 1:101(100) ack 1 win 1000",
         "FIN-WAIT-1 ESTABLISHED teardown C 1 102 2000 1 S 1 1 1000 101"},
        {"S A 1:1(0) ack 102 win 2000",
         "FIN-WAIT-2 CLOSE-WAIT teardown 2 C 102 102 2000 1 S 1 1 1000 102"},
        {"S FA 1:1(0) ack 102 win 2000",
         "TIME-WAIT LAST-ACK teardown 3 C 102 102 2000 2 S 1 2 1000 102"},
        {"C A 102:102(0) ack 2 win 1000",
         "TIME-WAIT CLOSED teardown 4 C 102 102 2000 2 S 2 2 1000 102"},
        {NULL, NULL},
};

static const struct row fin_behind_unseen_data_arrives_when_it_is_acknowledged[] = {
        {"C FA 101:101(0) ack 1 win 1000",
         "FIN-WAIT-1 ESTABLISHED teardown 1 C 1 102 2000 1 S 1 1 1000 1"},
        {"S FA 1:1(0) ack 102 win 2000",
         "TIME-WAIT LAST-ACK teardown 2 C 102 102 2000 2 S 1 2 1000 102"},
        {"C A 102:102(0) ack 2 win 1000",
         "TIME-WAIT CLOSED teardown 3 C 102 102 2000 2 S 2 2 1000 102"},
        {NULL, NULL},
};

static const struct row fin_is_resent_before_and_after_the_end[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"+0.3 C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown C 1 2 2000 1 S 1 1 1000 2"},
        {"S A 1:1(0) ack 2 win 2000", "FIN-WAIT-2 CLOSE-WAIT teardown 2 C 2 2 2000 1 S 1 1 1000 2"},
        {"S FA 1:1(0) ack 2 win 2000", "TIME-WAIT LAST-ACK teardown 3 C 2 2 2000 2 S 1 2 1000 2"},
        {"+0.3 S FA 1:1(0) ack 2 win 2000",
         "TIME-WAIT LAST-ACK teardown C 2 2 2000 2 S 1 2 1000 2"},
        {"C A 2:2(0) ack 2 win 1000", "TIME-WAIT CLOSED teardown 4 C 2 2 2000 2 S 2 2 1000 2"},
        {"S FA 1:1(0) ack 2 win 2000", "TIME-WAIT CLOSED closed C 2 2 2000 2 S 2 2 1000 2"},
        {"C A 2:2(0) ack 2 win 1000", "TIME-WAIT CLOSED closed C 2 2 2000 2 S 2 2 1000 2"},
        {NULL, NULL},
};

static const struct row keep_alives_change_nothing[] = {
        {"C PA 1:11(10) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 11 2000 1 S 1 1 1000 11"},
        {"S A 1:1(0) ack 11 win 2000", "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {"+5 C A 10:10(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {"S A 1:1(0) ack 11 win 2000", "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {"+5 C A 10:11(1) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {"S A 1:1(0) ack 11 win 2000", "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {NULL, NULL},
};

static const struct row late_acknowledgment_does_not_set_the_window[] = {
        {"C PA 1:101(100) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 101 2000 1 S 1 1 1000 101"},
        {"C PA 101:201(100) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 201 2000 1 S 1 1 1000 201"},
        {"S A 1:1(0) ack 201 win 1800",
         "ESTABLISHED ESTABLISHED data C 201 201 1800 1 S 1 1 1000 201"},
        {"S A 1:1(0) ack 101 win 1900",
         "ESTABLISHED ESTABLISHED data C 201 201 1800 1 S 1 1 1000 201"},
        {"S A 1:1(0) ack 201 win 1700",
         "ESTABLISHED ESTABLISHED data C 201 201 1700 1 S 1 1 1000 201"},
        {NULL, NULL},
};

static const struct row acknowledgment_of_what_was_never_sent_is_ignored[] = {
        {"S A 1:1(0) ack 500 win 2000", "ESTABLISHED ESTABLISHED data C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:11(10) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 11 2000 1 S 1 1 1000 11"},
        {"S A 1:1(0) ack 11 win 2100", "ESTABLISHED ESTABLISHED data C 11 11 2100 1 S 1 1 1000 11"},
        {NULL, NULL},
};

static const struct row data_that_was_missed_counts_as_received_once_it_is_acknowledged[] = {
        {"C PA 101:201(100) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 201 2000 1 S 1 1 1000 1"},
        {"S A 1:1(0) ack 201 win 2000",
         "ESTABLISHED ESTABLISHED data C 201 201 2000 1 S 1 1 1000 201"},
        {NULL, NULL},
};

static const struct row syn_and_its_answer_are_resent[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"+1 C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"+1 S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {"C A 1:1(0) ack 1 win 1000", "ESTABLISHED ESTABLISHED data C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row opens_simultaneously[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S S 0:0(0) win 2000", "SYN-RECEIVED SYN-RECEIVED handshake 2/4 C 0 1 ? 1 S 0 1 ? 1"},
        {"C SA 0:0(0) ack 1 win 1000",
         "SYN-RECEIVED ESTABLISHED handshake 3/4 C 0 1 ? 1 S 1 1 1000 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED ESTABLISHED handshake 4/4 C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:11(10) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 11 2000 1 S 1 1 1000 11"},
        {"S A 1:1(0) ack 11 win 2000", "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {NULL, NULL},
};

static const struct row windows_are_scaled_when_both_offer_it[] = {
        {"C S 0:0(0) win 64240 <mss 1460,wscale 7>",
         "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 65160 <mss 1460,wscale 9>",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 65160 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 502",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 65160 1 S 1 1 64256 1"},
        {"S PA 1:11(10) ack 1 win 128",
         "ESTABLISHED ESTABLISHED data C 1 1 65536 11 S 1 11 64256 1"},
        {NULL, NULL},
};

static const struct row fast_open_data_arrives_when_acknowledged[] = {
        {"C S 0:50(50) win 1000 <FO 0102030405060708>",
         "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 51 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 51 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 51 51 2000 1 S 0 1 ? 51"},
        {"C A 51:51(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 51 51 2000 1 S 1 1 1000 51"},
        {NULL, NULL},
};

static const struct row fast_open_data_that_is_ignored_is_sent_again[] = {
        {"C S 0:50(50) win 1000 <FO 0102030405060708>",
         "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 51 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 51 2000 1 S 0 1 ? 1"},
        {"C PA 1:51(50) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 51 2000 1 S 1 1 1000 51"},
        {"S A 1:1(0) ack 51 win 2000", "ESTABLISHED ESTABLISHED data C 51 51 2000 1 S 1 1 1000 51"},
        {NULL, NULL},
};

static const struct row socket_connects_to_itself[] = {
        {"C S 0:0(0) win 1000", "SYN-RECEIVED SYN-RECEIVED handshake 1 C 0 1 ? 1 S 0 1 ? 1"},
        {"C SA 0:0(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 2 C 1 1 1000 1 S 1 1 1000 1"},
        {"C A 1:1(0) ack 1 win 1000", "ESTABLISHED ESTABLISHED data C 1 1 1000 1 S 1 1 1000 1"},
        {"C PA 1:11(10) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 11 1000 11 S 1 11 1000 11"},
        {"C A 11:11(0) ack 11 win 1000",
         "ESTABLISHED ESTABLISHED data C 11 11 1000 11 S 11 11 1000 11"},
        {"C FA 11:11(0) ack 11 win 1000",
         "CLOSING CLOSING teardown 1 C 11 12 1000 12 S 11 12 1000 12"},
        {"C A 12:12(0) ack 12 win 1000",
         "TIME-WAIT TIME-WAIT teardown 2 C 12 12 1000 12 S 12 12 1000 12"},
        {NULL, NULL},
};

static const struct row numbers_wrap_around[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:101(100) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 101 2000 1 S 1 1 1000 101"},
        {"S A 1:1(0) ack 101 win 2000",
         "ESTABLISHED ESTABLISHED data C 101 101 2000 1 S 1 1 1000 101"},
        {"S PA 1:31(30) ack 101 win 2000",
         "ESTABLISHED ESTABLISHED data C 101 101 2000 31 S 1 31 1000 101"},
        {"C FA 101:101(0) ack 31 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 101 102 2000 31 S 31 31 1000 102"},
        {"S FA 31:31(0) ack 102 win 2000",
         "TIME-WAIT LAST-ACK teardown 2 C 102 102 2000 32 S 31 32 1000 102"},
        {"C A 102:102(0) ack 32 win 1000",
         "TIME-WAIT CLOSED teardown 3 C 102 102 2000 32 S 32 32 1000 102"},
        {NULL, NULL},
};

static const struct row capture_starts_with_data[] = {
        {"C PA 5000:5100(100) ack 700 win 501",
         "ESTABLISHED ESTABLISHED data C 5000 5100 ? 700 S 700 700 501 5100"},
        {"S A 700:700(0) ack 5100 win 300",
         "ESTABLISHED ESTABLISHED data C 5100 5100 300 700 S 700 700 501 5100"},
        {NULL, NULL},
};

static const struct row capture_starts_with_a_pure_ack_of_the_server[] = {
        {"S A 700:700(0) ack 5100 win 300",
         "ESTABLISHED ESTABLISHED data C 5100 5100 300 700 S 700 700 ? 5100"},
        {"C PA 5100:5200(100) ack 700 win 501",
         "ESTABLISHED ESTABLISHED data C 5100 5200 300 700 S 700 700 501 5200"},
        {NULL, NULL},
};

static const struct row capture_starts_with_a_fin[] = {
        {"S FA 700:700(0) ack 5100 win 300",
         "CLOSE-WAIT FIN-WAIT-1 teardown 1 C 5100 5100 300 701 S 700 701 ? 5100"},
        {"C A 5100:5100(0) ack 701 win 501",
         "CLOSE-WAIT FIN-WAIT-2 teardown 2 C 5100 5100 300 701 S 701 701 501 5100"},
        {"C FA 5100:5100(0) ack 701 win 501",
         "LAST-ACK TIME-WAIT teardown 3 C 5100 5101 300 701 S 701 701 501 5101"},
        {"S A 701:701(0) ack 5101 win 300",
         "CLOSED TIME-WAIT teardown 4 C 5101 5101 300 701 S 701 701 501 5101"},
        {NULL, NULL},
};

static const struct row capture_starts_with_a_syn_ack[] = {
        {"S SA 0:0(0) ack 1 win 2000 <mss 1460>",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:11(10) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 11 2000 1 S 1 1 1000 11"},
        {NULL, NULL},
};

static const struct row what_is_lost_changes_only_its_sender[] = {
        {"C S 0:0(0) win 1000 lost", "SYN-SENT LISTEN handshake 1/3 C 0 1 ? ? S ? ? ? ?"},
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000 lost",
         "SYN-SENT SYN-RECEIVED handshake 2/3 C 0 1 ? ? S 0 1 ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:101(100) ack 1 win 1000 lost",
         "ESTABLISHED ESTABLISHED data C 1 101 2000 1 S 1 1 1000 1"},
        {"C PA 101:201(100) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 201 2000 1 S 1 1 1000 1"},
        {"C PA 1:101(100) ack 1 win 1000 spoiled",
         "ESTABLISHED ESTABLISHED data C 1 201 2000 1 S 1 1 1000 1"},
        {"C FPA 201:201(0) ack 1 win 1000 lost",
         "FIN-WAIT-1 ESTABLISHED teardown 1 C 1 202 2000 1 S 1 1 1000 1"},
        {"C PA 1:201(200) ack 1 win 1000 copy",
         "FIN-WAIT-1 ESTABLISHED teardown C 1 202 2000 1 S 1 1 1000 201"},
        {"C FPA 201:201(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 2 C 1 202 2000 1 S 1 1 1000 202"},
        {NULL, NULL},
};

static const struct story stories[] = {
        {"closes_in_four_segments", START_OPEN, closes_in_four_segments,
         "closed three-way four-way first-fin client 31"},
        {"closes_in_three_segments", START_OPEN, closes_in_three_segments,
         "closed three-way three-way first-fin server 23"},
        {"closes_simultaneously_client_first", START_OPEN, closes_simultaneously_client_first,
         "closed three-way simultaneous first-fin client 23"},
        {"closes_simultaneously_server_first", START_OPEN, closes_simultaneously_server_first,
         "closed three-way simultaneous first-fin server 23"},
        {"half_close_lets_data_follow_the_other_way", START_OPEN,
         half_close_lets_data_follow_the_other_way,
         "closed three-way four-way first-fin client 31"},
        {"fin_rides_on_data", START_OPEN, fin_rides_on_data,
         "closed three-way three-way first-fin client 31"},
        {"fin_before_a_gap_arrives_when_the_gap_is_filled_and_acknowledged", START_OPEN,
         fin_before_a_gap_arrives_when_the_gap_is_filled_and_acknowledged,
         "closed three-way four-way first-fin client 31"},
        {"fin_behind_unseen_data_arrives_when_it_is_acknowledged", START_OPEN,
         fin_behind_unseen_data_arrives_when_it_is_acknowledged,
         "closed three-way three-way first-fin client 23"},
        {"what_is_lost_changes_only_its_sender", START_EMPTY, what_is_lost_changes_only_its_sender,
         "unfinished three-way none first-fin client 31"},
        {"fin_is_resent_before_and_after_the_end", START_OPEN,
         fin_is_resent_before_and_after_the_end, "closed three-way four-way first-fin client 23"},
        {"keep_alives_change_nothing", START_OPEN, keep_alives_change_nothing,
         "unfinished three-way none 15"},
        {"late_acknowledgment_does_not_set_the_window", START_OPEN,
         late_acknowledgment_does_not_set_the_window, "unfinished three-way none 15"},
        {"acknowledgment_of_what_was_never_sent_is_ignored", START_OPEN,
         acknowledgment_of_what_was_never_sent_is_ignored, "unfinished three-way none 15"},
        {"data_that_was_missed_counts_as_received_once_it_is_acknowledged", START_OPEN,
         data_that_was_missed_counts_as_received_once_it_is_acknowledged,
         "unfinished three-way none 15"},
        {"syn_and_its_answer_are_resent", START_EMPTY, syn_and_its_answer_are_resent,
         "unfinished three-way none 7"},
        {"opens_simultaneously", START_EMPTY, opens_simultaneously,
         "unfinished simultaneous none 15"},
        {"windows_are_scaled_when_both_offer_it", START_EMPTY,
         windows_are_scaled_when_both_offer_it, "unfinished three-way none 15"},
        {"fast_open_data_arrives_when_acknowledged", START_EMPTY,
         fast_open_data_arrives_when_acknowledged, "unfinished three-way none 7"},
        {"fast_open_data_that_is_ignored_is_sent_again", START_EMPTY,
         fast_open_data_that_is_ignored_is_sent_again, "unfinished three-way none 15"},
        {"socket_connects_to_itself", START_SELF, socket_connects_to_itself,
         "closed simultaneous simultaneous first-fin client 31"},
        {"numbers_wrap_around", START_WRAP, numbers_wrap_around,
         "closed three-way three-way first-fin client 31"},
        {"capture_starts_with_data", START_EMPTY, capture_starts_with_data,
         "unfinished unseen none guessed 12"},
        {"capture_starts_with_a_pure_ack_of_the_server", START_EMPTY,
         capture_starts_with_a_pure_ack_of_the_server, "unfinished unseen none guessed 12"},
        {"capture_starts_with_a_fin", START_EMPTY, capture_starts_with_a_fin,
         "closed unseen four-way first-fin server guessed 20"},
        {"capture_starts_with_a_syn_ack", START_EMPTY, capture_starts_with_a_syn_ack,
         "unfinished three-way none 14"},
};

int main(void)
{
	return story_run_all("lifecycle", stories, sizeof stories / sizeof stories[0]);
}
