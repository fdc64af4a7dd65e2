/* states_path.c: which states both ends of a connection have gone through, from the records of the
 * log. Looks at each record once, however often it is asked. */
#include "states.h"

static void take(struct state_path *path, uint32_t i, const struct record *record)
{
	if (record->kind != EVENT_SEGMENT || record->stream != path->stream)
		return;
	for (int side = 0; side < N_SIDES; side++) {
		if (!path->has_first)
			path->first[side] = record->before[side];
		if (record->before[side] == record->after[side])
			continue;
		if (path->n == STATES_STEPS_MAX) {
			path->more = true;
			continue;
		}
		path->steps[path->n++] = (struct state_step){
		        .record = i,
		        .side = (uint8_t)side,
		        .from = record->before[side],
		        .to = record->after[side],
		};
	}
	path->has_first = true;
}

bool path_follow(struct state_path *path, const struct model *model, const struct conn_entry *conn,
                 uint32_t until, uint32_t budget)
{
	if (!path->known || path->key != conn->key)
		*path = (struct state_path){.known = true,
		                            .stream = conn->stream,
		                            .key = conn->key,
		                            .next = conn->first};
	if (conn->first == NO_RECORD)
		return false;
	if (path->next == NO_RECORD)
		path->next = conn->first;
	if (until > conn->last)
		until = conn->last;
	for (; path->next <= until && budget > 0; budget--) {
		take(path, path->next, log_record(&model->log, path->next));
		path->next++;
	}
	return path->next <= until;
}

unsigned path_length(const struct state_path *path, uint32_t until)
{
	unsigned n = 0;
	while (n < path->n && path->steps[n].record <= until)
		n++;
	return n;
}
