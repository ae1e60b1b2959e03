/* A lock that somebody else has. */
#ifndef MPX_HELD_H
#define MPX_HELD_H

#include "procs.h"

/* Whether it is the guard of a job (`--job`), by its command line. */
bool is_guard_of_job(const struct proc *holder);

/*
 * One line to stderr: which file, and who holds it ("lent" to a job), since when; NULL for one that can't be seen. The status
 * to exit with.
 */
int say_held(const char *path, const struct proc *holder);

#endif
