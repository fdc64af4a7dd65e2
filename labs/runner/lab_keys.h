/* lab_keys.h: which keys a lab.conf may have, and how their values are read. Between lab_conf.c,
 * which knows the sections, and lab_keys.c. */
#ifndef WIRELAB_RUNNER_LAB_KEYS_H
#define WIRELAB_RUNNER_LAB_KEYS_H

#include <stddef.h>

/* One key of a section. Its value is read into the member at `offset` of what the section
 * describes; `most` is the member's size in bytes, or the greatest number. */
struct lab_key {
	const char *section, *name;
	/* Reads the value; what is wrong with it, or NULL. */
	const char *(*take)(void *member, const char *value, size_t most);
	size_t offset, most;
};

/* The key of that name, or NULL. Its row is its index in *row, below 64. */
const struct lab_key *lab_key_find(const char *section, const char *name, size_t *row);

#endif
