/* commands.h: the words after `wirelab`. Each command is one file and one line in the table in
 * main.c; each takes its own argc and argv (argv[0] is the command's name) and returns the exit
 * status: 0 fine, 1 a check failed, 2 usage or environment. */
#ifndef WIRELAB_RUNNER_COMMANDS_H
#define WIRELAB_RUNNER_COMMANDS_H

int command_list(int argc, char **argv);
int command_show(int argc, char **argv);
int command_run(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_tui(int argc, char **argv);
int command_check(int argc, char **argv);
int command_predict(int argc, char **argv);
int command_hint(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_solution(int argc, char **argv);
int command_reset(int argc, char **argv);
int command_progress(int argc, char **argv);

/* Without a word: where the learner is and what comes next. */
int command_home(void);

#endif
