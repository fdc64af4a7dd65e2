/* diagnosis_checksum.c: says when checksums are not filled in, or wrong. Only the first segments of
 * each end are verified: that tells how the capture was made and costs the same for any length. */
#include "flow/checksum.h"
#include "flow/diagnosis_look.h"

void diagnosis_checksum(struct conn *conn, const struct packet *packet, struct segment *s)
{
	struct watch *w = &conn->peers[s->from].watch;
	struct look k = {.s = s};
	w->n_checksums++;
	enum checksum checksum = checksum_tcp(packet);
	bool unfilled = checksum == CHECKSUM_UNFILLED;
	if (!unfilled && checksum != CHECKSUM_WRONG)
		return;
	if (unfilled && w->said_checksum)
		return;
	w->said_checksum = w->said_checksum || unfilled;
	look_add(&k, unfilled ? D_CHECKSUM_UNFILLED : D_CHECKSUM_BAD)->limit = packet->tcp.checksum;
}
