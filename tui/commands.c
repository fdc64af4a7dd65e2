/* commands.c: see commands.h. */
#include "commands.h"

#include "base/i18n.h"

static const struct command_info table[N_COMMANDS] = {
#define X(id, letter_, key_, group_, rank_, brief_, help_)                                         \
	[COMMAND_##id] = {.letter = (letter_),                                                     \
	                  .key = (key_),                                                           \
	                  .group = (group_),                                                       \
	                  .rank = (rank_),                                                         \
	                  .brief = (brief_),                                                       \
	                  .help = (help_)},
        COMMANDS(X)
#undef X
};

const struct command_info *command_info(enum command command)
{
	return &table[command];
}

enum command command_of_key(int key)
{
	if (key == '\n')
		key = '\r';
	for (int i = COMMAND_NONE + 1; i < N_COMMANDS; i++)
		if (table[i].letter == key || (table[i].key == key && key != K_NONE))
			return (enum command)i;
	return COMMAND_NONE;
}

const char *command_group_title(enum command_group group)
{
	static const char *const titles[N_GROUPS] = {
	        [GROUP_TIME] = N_("Time"),
	        [GROUP_MOVE] = N_("Moving"),
	        [GROUP_FIND] = N_("Finding"),
	        [GROUP_SHOW] = N_("What is shown"),
	        [GROUP_WIRE] = N_("The wire between two hosts"),
	        [GROUP_FILE] = N_("Whole program"),
	};
	return titles[group];
}
