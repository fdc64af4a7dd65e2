/* page.h: a lab's page (Markdown) as text for a terminal. */
#ifndef WIRELAB_RUNNER_PAGE_H
#define WIRELAB_RUNNER_PAGE_H

#include "runner/buffer.h"

struct page_options {
	size_t width; /* columns; running text and tables are folded, code is left as it is */
	bool color;   /* styles by terminal sequences; without, the text is plain */
};

/* Appends the page as text to *out. Control bytes of the source never get through. 0, or -1
 * without memory. */
int page_render(struct buffer *out, const char *markdown, size_t n,
                const struct page_options *options);

#endif
