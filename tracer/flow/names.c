/* names.c: the words of the event stream for flow's enums, one table each. */
#include "flow/flow.h"

#define NAME_OF(table, value, n) ((unsigned)(value) < (n) ? (table)[(value)] : "?")

const char *phase_name(enum phase phase)
{
	static const char *const names[N_PHASES] = {
	        [PHASE_HANDSHAKE] = "handshake", [PHASE_DATA] = "data",
	        [PHASE_TEARDOWN] = "teardown",   [PHASE_RESET] = "reset",
	        [PHASE_CLOSED] = "closed",
	};
	return NAME_OF(names, phase, N_PHASES);
}

const char *connection_action_name(enum connection_action action)
{
	static const char *const names[N_CONNECTION_ACTIONS] = {
	        [CONNECTION_OPENED] = "opened",
	        [CONNECTION_CLOSED] = "closed",
	        [CONNECTION_EVICTED] = "evicted",
	        [CONNECTION_UNFINISHED] = "unfinished",
	};
	return NAME_OF(names, action, N_CONNECTION_ACTIONS);
}

const char *conn_state_name(enum conn_state state)
{
	static const char *const names[N_CONN_STATES] = {
	        [CONN_STATE_OTH] = "OTH",     [CONN_STATE_S0] = "S0",
	        [CONN_STATE_S1] = "S1",       [CONN_STATE_SF] = "SF",
	        [CONN_STATE_REJ] = "REJ",     [CONN_STATE_S2] = "S2",
	        [CONN_STATE_S3] = "S3",       [CONN_STATE_RSTO] = "RSTO",
	        [CONN_STATE_RSTR] = "RSTR",   [CONN_STATE_RSTOS0] = "RSTOS0",
	        [CONN_STATE_RSTRH] = "RSTRH", [CONN_STATE_SH] = "SH",
	        [CONN_STATE_SHR] = "SHR",
	};
	return NAME_OF(names, state, N_CONN_STATES);
}

const char *fate_name(enum fate fate)
{
	static const char *const names[N_FATES] = {
	        [FATE_ASSUMED] = "assumed",     [FATE_ARRIVED] = "arrived",
	        [FATE_DROPPED] = "dropped",     [FATE_CORRUPTED] = "corrupted",
	        [FATE_DUPLICATE] = "duplicate",
	};
	return NAME_OF(names, fate, N_FATES);
}

const char *close_kind_name(enum close_kind kind)
{
	static const char *const names[N_CLOSE_KINDS] = {
	        [CLOSE_NONE] = "none",         [CLOSE_THREE_WAY] = "three-way",
	        [CLOSE_FOUR_WAY] = "four-way", [CLOSE_SIMULTANEOUS] = "simultaneous",
	        [CLOSE_RESET] = "reset",
	};
	return NAME_OF(names, kind, N_CLOSE_KINDS);
}

const char *open_kind_name(enum open_kind kind)
{
	static const char *const names[N_OPEN_KINDS] = {
	        [OPEN_UNSEEN] = "unseen",
	        [OPEN_HANDSHAKE] = "three-way",
	        [OPEN_SIMULTANEOUS] = "simultaneous",
	        [OPEN_REFUSED] = "refused",
	        [OPEN_UNANSWERED] = "unanswered",
	};
	return NAME_OF(names, kind, N_OPEN_KINDS);
}

const char *analysis_name(enum analysis_index index)
{
	static const char *const names[N_ANALYSIS_FLAGS] = {
#define X(name, string) [AI_##name] = string,
	        ANALYSIS_FLAGS(X)
#undef X
	};
	return NAME_OF(names, index, N_ANALYSIS_FLAGS);
}

const char *diagnosis_name(enum diagnosis_label label)
{
	static const char *const names[N_DIAGNOSES] = {[DIAGNOSIS_NONE] = "",
#define X(name, string, mark) [D_##name] = string,
	                                               DIAGNOSES(X)
#undef X
	};
	return NAME_OF(names, label, N_DIAGNOSES);
}

const char *diagnosis_mark(enum diagnosis_label label)
{
	static const char *const marks[N_DIAGNOSES] = {[DIAGNOSIS_NONE] = "",
#define X(name, string, mark) [D_##name] = mark,
	                                               DIAGNOSES(X)
#undef X
	};
	return NAME_OF(marks, label, N_DIAGNOSES);
}
