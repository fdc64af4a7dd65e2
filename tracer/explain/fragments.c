/* fragments.c: the sentence about a packet that came in IP fragments (RFC 791 section 3.2, RFC 8200
 * section 4.5). */
#include "explain/rule.h"

void add_fragments(struct text *t, const struct scene *scene)
{
	const struct event *e = scene->event;
	if (e->n_fragments == 0)
		return;
	text_add_char(t, ' ');
	text_add(t, tr(scene, N_("It came in pieces, IP fragments that were put together here, in "
	                         "frames")));
	for (unsigned i = 0; i < e->n_fragment_frames && i < FRAGMENTS_FRAMES; i++) {
		text_add(t, i > 0 ? ", " : " ");
		text_add_uint(t, e->fragment_frames[i]);
	}
	text_add(t, e->n_fragments > e->n_fragment_frames ? ", …." : ".");
}
