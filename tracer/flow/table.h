/* table.h: finds connections by their 4-tuple, whichever end sent; keeps them in order of last use.
 * Memory grows in blocks up to a fixed number of connections, then the oldest makes room. */
#ifndef WIRELAB_FLOW_TABLE_H
#define WIRELAB_FLOW_TABLE_H

#include "flow/conn.h"

struct table;

/* A table for at most `max` connections. The seed keeps senders from choosing colliding tuples. */
struct table *table_new(uint32_t max, uint64_t seed);
void table_free(struct table *table);

/* The live connection between these endpoints, or NULL. It becomes the most recently used. */
struct conn *table_find(struct table *table, const struct endpoint *a, const struct endpoint *b);

/* The connection that must go before table_add() can succeed, or NULL while there is room. */
struct conn *table_victim(struct table *table);

/* A zeroed connection for these endpoints (ends[CLIENT] = a), most recently used. NULL: no memory,
 * or no room (see table_victim). */
struct conn *table_add(struct table *table, const struct endpoint *a, const struct endpoint *b);

void table_remove(struct table *table, struct conn *conn);

/* From the least to the most recently used: start with NULL; NULL at the end. */
struct conn *table_newer(struct table *table, const struct conn *conn);

uint32_t table_count(const struct table *table);

#endif
