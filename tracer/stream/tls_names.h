/* tls_names.h: numbers of TLS in words: versions, suites, groups, signatures, extensions, alerts.
 * What has no name here becomes "0x1a2b"; the values that clients only throw in so that servers
 * stay tolerant (RFC 8701) become "GREASE". */
#ifndef WIRELAB_STREAM_TLS_NAMES_H
#define WIRELAB_STREAM_TLS_NAMES_H

#include "base/text.h"

struct tls_name {
	uint16_t value;
	const char *name;
};

/* Sorted by value. */
extern const struct tls_name tls_suites[];
extern const size_t tls_n_suites;

/* The suite's name, or NULL. */
const char *tls_suite_name(uint16_t suite);

/* "TLS 1.2"; "SSL 3.0"; a draft of 1.3 as "TLS 1.3 draft 28". */
void tls_add_version(struct text *t, uint16_t version);

void tls_add_suite(struct text *t, uint16_t suite);
void tls_add_group(struct text *t, uint16_t group);
void tls_add_signature(struct text *t, uint16_t scheme);
void tls_add_extension(struct text *t, uint16_t extension);
void tls_add_alert(struct text *t, uint8_t description);

/* Is it one of the sixteen GREASE values? */
bool tls_is_grease(uint16_t value);

#endif
