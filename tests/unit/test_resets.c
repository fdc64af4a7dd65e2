/* test_resets.c: the same for what does not go by the book: refusals, resets that must be obeyed
 * and resets that must not, and a SYN where none is expected. */
#include "flow_stories.h"

static const struct row capture_starts_with_a_reset[] = {
        {"C R 700:700(0) win 0", "CLOSED CLOSED reset C ? ? ? ? S ? ? ? ?"},
        {"C A 700:700(0) ack 2 win 100", "CLOSED CLOSED closed C 700 700 ? 2 S 2 2 100 ?"},
        {NULL, NULL},
};

static const struct row connection_is_refused[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S RA 0:0(0) ack 1 win 0", "CLOSED CLOSED reset C 0 1 ? ? S ? ? ? 1"},
        {NULL, NULL},
};

static const struct row refused_client_tries_again_with_the_same_number[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S RA 0:0(0) ack 1 win 0", "CLOSED CLOSED reset C 0 1 ? ? S ? ? ? 1"},
        {"+0.5 C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row reset_that_acknowledges_another_number_is_ignored_in_syn_sent[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S RA 0:0(0) ack 5 win 0", "SYN-SENT CLOSED reset C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row reset_without_ack_is_ignored_in_syn_sent[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S R 0:0(0) win 0", "SYN-SENT CLOSED reset C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {NULL, NULL},
};

static const struct row client_gives_up_after_the_syn_ack[] = {
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C R 1:1(0) win 0", "CLOSED CLOSED reset C 1 1 2000 1 S 0 1 ? 1"},
        {NULL, NULL},
};

static const struct row server_resets_an_established_connection[] = {
        {"S RA 1:1(0) ack 1 win 0", "CLOSED CLOSED reset C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row reset_out_of_place_is_challenged_and_repeated_in_place[] = {
        {"C R 500:500(0) win 0", "CLOSED ESTABLISHED reset C 1 1 2000 1 S 1 1 1000 1"},
        {"S A 1:1(0) ack 1 win 2000", "CLOSED ESTABLISHED data C 1 1 2000 1 S 1 1 1000 1"},
        {"C R 1:1(0) win 0", "CLOSED CLOSED reset C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row forged_reset_does_not_stop_its_supposed_sender[] = {
        {"C R 500:500(0) win 0", "CLOSED ESTABLISHED reset C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:11(10) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED data C 1 11 2000 1 S 1 1 1000 11"},
        {"S A 1:1(0) ack 11 win 2000", "ESTABLISHED ESTABLISHED data C 11 11 2000 1 S 1 1 1000 11"},
        {NULL, NULL},
};

static const struct row reset_in_fin_wait_1_and_close_wait[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S RA 1:1(0) ack 2 win 0", "CLOSED CLOSED reset C 1 2 2000 1 S 1 1 1000 2"},
        {NULL, NULL},
};

static const struct row reset_in_fin_wait_2[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S A 1:1(0) ack 2 win 2000", "FIN-WAIT-2 CLOSE-WAIT teardown 2 C 2 2 2000 1 S 1 1 1000 2"},
        {"S PA 1:11(10) ack 2 win 2000",
         "FIN-WAIT-2 CLOSE-WAIT teardown C 2 2 2000 11 S 1 11 1000 2"},
        {"C R 2:2(0) win 0", "CLOSED CLOSED reset C 2 2 2000 11 S 1 11 1000 2"},
        {NULL, NULL},
};

static const struct row reset_in_closing[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S FA 1:1(0) ack 1 win 2000", "CLOSING CLOSING teardown 2 C 1 2 2000 2 S 1 2 1000 2"},
        {"C R 2:2(0) win 0", "CLOSED CLOSED reset C 1 2 2000 2 S 1 2 1000 2"},
        {NULL, NULL},
};

static const struct row reset_in_time_wait_and_last_ack[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S FA 1:1(0) ack 2 win 2000", "TIME-WAIT LAST-ACK teardown 2 C 2 2 2000 2 S 1 2 1000 2"},
        {"C R 2:2(0) win 0", "CLOSED CLOSED reset C 2 2 2000 2 S 1 2 1000 2"},
        {NULL, NULL},
};

static const struct row data_after_a_reset_is_answered_by_another[] = {
        {"S RA 1:1(0) ack 1 win 0", "CLOSED CLOSED reset C 1 1 2000 1 S 1 1 1000 1"},
        {"C PA 1:11(10) ack 1 win 1000", "CLOSED CLOSED closed C 1 11 2000 1 S 1 1 1000 1"},
        {"S R 1:1(0) win 0", "CLOSED CLOSED reset C 1 11 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row syn_with_the_same_number_after_the_end_starts_again[] = {
        {"C FA 1:1(0) ack 1 win 1000",
         "FIN-WAIT-1 CLOSE-WAIT teardown 1 C 1 2 2000 1 S 1 1 1000 2"},
        {"S FA 1:1(0) ack 2 win 2000", "TIME-WAIT LAST-ACK teardown 2 C 2 2 2000 2 S 1 2 1000 2"},
        {"C A 2:2(0) ack 2 win 1000", "TIME-WAIT CLOSED teardown 3 C 2 2 2000 2 S 2 2 1000 2"},
        {"C S 0:0(0) win 1000", "SYN-SENT SYN-RECEIVED handshake 1/3 C 0 1 ? ? S ? ? ? 1"},
        {"S SA 0:0(0) ack 1 win 2000",
         "ESTABLISHED SYN-RECEIVED handshake 2/3 C 1 1 2000 1 S 0 1 ? 1"},
        {"C A 1:1(0) ack 1 win 1000",
         "ESTABLISHED ESTABLISHED handshake 3/3 C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct row syn_in_an_open_connection_is_challenged[] = {
        {"C S 0:0(0) win 1000", "ESTABLISHED ESTABLISHED data C 1 1 2000 1 S 1 1 1000 1"},
        {"S A 1:1(0) ack 1 win 2000", "ESTABLISHED ESTABLISHED data C 1 1 2000 1 S 1 1 1000 1"},
        {NULL, NULL},
};

static const struct story stories[] = {
        {"capture_starts_with_a_reset", START_EMPTY, capture_starts_with_a_reset,
         "closed unseen reset by client guessed 32"},
        {"connection_is_refused", START_EMPTY, connection_is_refused,
         "closed refused reset by server 37"},
        {"refused_client_tries_again_with_the_same_number", START_EMPTY,
         refused_client_tries_again_with_the_same_number, "unfinished three-way none 39"},
        {"reset_that_acknowledges_another_number_is_ignored_in_syn_sent", START_EMPTY,
         reset_that_acknowledges_another_number_is_ignored_in_syn_sent,
         "unfinished three-way none 39"},
        {"reset_without_ack_is_ignored_in_syn_sent", START_EMPTY,
         reset_without_ack_is_ignored_in_syn_sent, "unfinished unanswered none 35"},
        {"client_gives_up_after_the_syn_ack", START_EMPTY, client_gives_up_after_the_syn_ack,
         "closed unanswered reset by client 35"},
        {"server_resets_an_established_connection", START_OPEN,
         server_resets_an_established_connection, "closed three-way reset by server 39"},
        {"reset_out_of_place_is_challenged_and_repeated_in_place", START_OPEN,
         reset_out_of_place_is_challenged_and_repeated_in_place,
         "closed three-way reset by client 39"},
        {"forged_reset_does_not_stop_its_supposed_sender", START_OPEN,
         forged_reset_does_not_stop_its_supposed_sender, "unfinished three-way none 47"},
        {"reset_in_fin_wait_1_and_close_wait", START_OPEN, reset_in_fin_wait_1_and_close_wait,
         "closed three-way reset first-fin client by server 55"},
        {"reset_in_fin_wait_2", START_OPEN, reset_in_fin_wait_2,
         "closed three-way reset first-fin client by client 63"},
        {"reset_in_closing", START_OPEN, reset_in_closing,
         "closed three-way reset first-fin client by client 55"},
        {"reset_in_time_wait_and_last_ack", START_OPEN, reset_in_time_wait_and_last_ack,
         "closed three-way reset first-fin client by client 55"},
        {"data_after_a_reset_is_answered_by_another", START_OPEN,
         data_after_a_reset_is_answered_by_another, "closed three-way reset by server 39"},
        {"syn_with_the_same_number_after_the_end_starts_again", START_OPEN,
         syn_with_the_same_number_after_the_end_starts_again, "unfinished three-way none 23"},
        {"syn_in_an_open_connection_is_challenged", START_OPEN,
         syn_in_an_open_connection_is_challenged, "unfinished three-way none 7"},
};

int main(void)
{
	return story_run_all("resets", stories, sizeof stories / sizeof stories[0]);
}
