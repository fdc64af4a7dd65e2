/* progress_file.h: the text form of the progress in one lab. A line is a word and what belongs to
 * it:
 *
 *     wirelab-progress 1
 *     run 3 2026-11-21T07:10:35Z 2026-11-21T07:12:00Z      how often, first, last
 *     failure handshakes = 1
 *     prediction segments right: 10 | 10                   the question, the answer, the run's
 *
 * It must not know where the file lies. */
#ifndef WIRELAB_RUNNER_PROGRESS_FILE_H
#define WIRELAB_RUNNER_PROGRESS_FILE_H

#include "runner/buffer.h"
#include "runner/progress.h"

/* Reads such text. Lines that mean nothing are passed over and set progress->damaged. */
void progress_parse(struct progress *progress, const char *text, size_t n);

/* Appends the text form. */
void progress_format(const struct progress *progress, struct buffer *out);

/* Puts the prediction in the place of the one of its name, or behind the others while there is
 * room. */
void progress_put_prediction(struct progress *progress,
                             const struct progress_prediction *prediction);

#endif
