/* Command lines of the palace's own program, `mempalace`: which words of one mean what. */
#ifndef MPX_MEMPALACE_H
#define MPX_MEMPALACE_H

#include "search.h"

#include <stdbool.h>

#define MEMPALACE PALACE_PROGRAM

/*
 * What stands behind the program in a command line that runs it: the script by any path, Python with it or with -m, and either
 * behind a runner such as env, uvx or timeout. NULL for any other. Points into `argv`.
 */
char *const *mempalace_arguments(char *const *argv);

/* Whether it is `mempalace … mine …`; *rest is then what stands behind `mine`. */
bool mempalace_is_mine(char *const *argv, char *const **rest);

/* The subcommand among the words behind the program, or their end. */
char *const *mempalace_subcommand(char *const *arguments);

/* The value of --palace among the program's own options, those before its subcommand (init's may be behind it); NULL if there is none. */
const char *mempalace_palace(char *const *argv);

/*
 * Has what this process becomes open the palace itself, unless the user has said otherwise by the same variables: a mine or a
 * hook that hands its work to a process outside of the job is no part of it, and one that starts such a process never ends.
 */
void mempalace_writes_itself(void);

#endif
