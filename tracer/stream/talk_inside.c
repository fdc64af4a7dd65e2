/* talk_inside.c: a conversation inside another, whose bytes are taken out of records: decrypted
 * ones. They come in order, so no stream is needed; their frames are those of the records. */
#include <stdlib.h>

#include "stream/talk.h"

struct talk *talk_inside_new(struct talk *talk)
{
	if (talk->depth == TALK_DEPTH)
		return NULL;
	struct talk *inside = talk_memory(talk, NULL, 0, sizeof *inside);
	if (!inside)
		return NULL;
	*inside = (struct talk){
	        .ends = {talk->ends[CLIENT], talk->ends[SERVER]},
	        /* behind a switch (STARTTLS) it goes on with what was begun before: no greeting */
	        .from_start = talk->from_start && talk->hint[0] == '\0',
	        .number = talk->number,
	        .budget = talk->budget,
	        .expectations = talk->expectations,
	        .secrets = talk->secrets,
	        .depth = talk->depth + 1,
	        .on_message = talk->on_message,
	        .arg = talk->arg,
	};
	return inside;
}

void talk_inside_say(struct talk *talk, struct talk *inside, enum side from, const uint8_t *bytes,
                     size_t n, const struct carriers *carriers)
{
	inside->time_ns = talk->time_ns;
	inside->frame = talk->frame;
	inside->lent = carriers;
	talk_bring(inside, from, bytes, n);
	inside->lent = NULL;
}

void talk_inside_end(struct talk *inside, enum side from, bool whole)
{
	talk_end_direction(inside, from, whole);
}

void talk_inside_free(struct talk *inside)
{
	if (!inside)
		return;
	talk_release(inside);
	(void)talk_memory(inside, inside, sizeof *inside, 0); /* frees it */
}
