/*
 * Whoever is part of a job that has a palace waits for nobody. It finds MPX_LENT, the homes of the palaces that are lent to jobs it is
 * part of, the innermost first, with ':' in between. A variable alone proves nothing, since it may be left over: the guard of such a
 * job must be above the process as well.
 */
#ifndef MPX_LENT_H
#define MPX_LENT_H

#include <stdbool.h>

#define LENT_VARIABLE "MPX_LENT"

/* Whether a value of MPX_LENT names that home. A home with a ':' in it may be seen where there is none: it is not the proof. */
bool lent_names(const char *homes, const char *home);

/* For what this process becomes: that home too, before those that it has already. */
void lent_set(const char *home);

/* Whether this process is part of a job of that home: MPX_LENT names it, and a job's guard with that home's lock is above it. */
bool lent_is_of(const char *home);

/* Becomes that program. Returns only when it can't, after a line to stderr: the status to exit with, as a shell has it. */
int lent_become(char *const *argv);

#endif
