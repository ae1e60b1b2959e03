/* All lock files of one guard: taken together or not at all, and held until its tree is gone. */
#ifndef MPX_LOCKS_H
#define MPX_LOCKS_H

#include "lockfile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses that only the guard itself gives. */
#define EXIT_HELD 120
#define EXIT_WEDGED 121
#define EXIT_LENT 122 /* held by the guard of a job */
#define EXIT_CANNOT 125

struct locks {
    struct lockfile *all;
    size_t count;
};

struct options;

/*
 * Takes every lock of the command line (two names of one file count as one), ending what dead guards have left over under
 * them, and waiting for a guard that is about to end. 0 when all are had and nothing of an older tree is alive; else the
 * status to exit with, after a line to stderr that says why.
 */
int locks_take(struct locks *locks, const struct options *options);

/* Writes down that this guard has them, and gives the child's environment what its descendants are known by. */
void locks_record(const struct locks *locks);

/* Writes down that the tree is about to end: whoever wants the locks may wait for it. */
void locks_record_ending(const struct locks *locks);

/* Writes down that nothing of the tree is left. The locks themselves end with the process. */
void locks_record_end(const struct locks *locks);

#endif
