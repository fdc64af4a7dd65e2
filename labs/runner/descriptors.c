/* descriptors.c: see descriptors.h; man 2 close_range, which Linux has since 5.9. */
#include "runner/descriptors.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MANY_DESCRIPTORS = 4096 };

static int by_number(const void *a, const void *b)
{
	int left = *(const int *)a, right = *(const int *)b;
	return (left > right) - (left < right);
}

static void close_from_to(int first, int last)
{
	if (first > last)
		return;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0U) == 0)
		return;
#endif
	for (int fd = first; fd <= last && fd < MANY_DESCRIPTORS; fd++)
		(void)close(fd); /* most are not open */
}

void descriptors_close_but(int *kept, size_t n)
{
	int next = 0;
	if (n > 0)
		qsort(kept, n, sizeof *kept, by_number);
	for (size_t i = 0; i < n; i++) {
		close_from_to(next, kept[i] - 1); /* nothing, for one twice or below 0 */
		next = kept[i] + 1;
	}
	close_from_to(next, INT_MAX);
}
