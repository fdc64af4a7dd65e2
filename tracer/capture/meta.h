/* meta.h: blocks of a pcapng file that hold no frame but belong to the frames: what a section and
 * its interfaces say of themselves, names of addresses, secrets for decryption. They are handed on
 * as they stand in the file, so that a copy can have them too; nobody prints them. */
#ifndef WIRELAB_CAPTURE_META_H
#define WIRELAB_CAPTURE_META_H

#include "capture/order.h"

enum meta_kind {
	META_SECTION,   /* draft-ietf-opsawg-pcapng section 4.1; interfaces count anew */
	META_INTERFACE, /* section 4.2 */
	META_NAMES,     /* section 4.5 */
	META_SECRETS,   /* section 4.7 */
};

enum { SECRETS_TLS_KEY_LOG = 0x544c534b }; /* "TLSK": kind of secrets, section 4.7 */

struct meta {
	enum meta_kind kind;
	enum order order;    /* of the numbers in it */
	const uint8_t *body; /* between the block's two lengths; borrowed for the call */
	uint32_t len;
};

#endif
