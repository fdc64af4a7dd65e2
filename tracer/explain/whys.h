/* whys.h: the sentences of diagnoses, between whys.c, which has them, and diagnosis.c, which fills
 * their {words} in. */
#ifndef WIRELAB_EXPLAIN_WHYS_H
#define WIRELAB_EXPLAIN_WHYS_H

#include "explain/rule.h"

/* One form of the sentence for a label. */
struct why {
	uint16_t label;                             /* enum diagnosis_label */
	bool (*applies)(const struct diagnosis *d); /* NULL: always */
	const char *sentence;                       /* marked English with {words} */
};

/* All of them; of those with one label the first that applies speaks. Ends with sentence NULL. */
extern const struct why whys[];

#endif
