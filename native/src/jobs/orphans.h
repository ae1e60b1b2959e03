/*
 * Mines of this palace that were started beside mpx, by an earlier session's hook for instance, and that run on with nobody
 * waiting for them. Found on Linux alone; elsewhere there are none to be seen.
 */
#ifndef MPX_ORPHANS_H
#define MPX_ORPHANS_H

#include "procs.h"
#include "target.h"
#include "text.h"

/*
 * Adds every `mempalace mine` of this user that works on the target's palace and has no guard of mpx above it, and that started
 * so many milliseconds ago at least. False, with errno, when processes can't be looked at.
 */
bool orphans_find(const struct target *target, int64_t age_ms, struct procs *out);

/* The palace that a process mines that has this command line and that process's variables and directory, to be freed; NULL: none. */
char *orphan_palace(pid_t pid, char *const *argv);

/* Whether it is the command line of a guard of mpx, whatever it guards: its tree is its own to end. */
bool orphan_is_guard(char *const *words);

/* "pid N since TIME: COMMAND LINE" */
void orphan_describe(const struct proc *orphan, struct text *text);

/* Ends them with all their descendants, SIGTERM first; returns when they are gone, after a few seconds at the latest. */
void orphans_end(const struct procs *orphans);

#endif
