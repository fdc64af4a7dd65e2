/* descriptors.h: what a child must not have: all that its parent had open. An end of a pipe left
 * there would keep its reader from seeing the end of file. */
#ifndef WIRELAB_RUNNER_DESCRIPTORS_H
#define WIRELAB_RUNNER_DESCRIPTORS_H

#include <stddef.h>

/* Closes every descriptor but these n, which it sorts; one below 0 stands for none. */
void descriptors_close_but(int *kept, size_t n);

#endif
