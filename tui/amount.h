/* amount.h: numbers in few columns, for tables and axes. */
#ifndef WIRELAB_TUI_AMOUNT_H
#define WIRELAB_TUI_AMOUNT_H

#include "base/text.h"

/* At most five columns: "99999", "100k", "1.23M", "45.6G"; digits beyond are dropped. */
void amount_add(struct text *t, uint64_t n);

/* With a space after each three digits: "1 234 567". */
void amount_add_exact(struct text *t, uint64_t n);

/* "850 bit/s", "1.23 Mbit/s". */
void amount_add_rate(struct text *t, double bits_per_second);

#endif
