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
#define EXIT_CANNOT 125

struct locks {
    struct lockfile *all;
    size_t count;
};

/*
 * Takes every one of `paths` (two names of one file count as one), ending what dead guards have left over under them,
 * with `term_ms` between SIGTERM and SIGKILL. 0 when all are had and nothing of an older tree is alive; else the status
 * to exit with, after a line to stderr that says why.
 */
int locks_take(struct locks *locks, char *const *paths, size_t count, int64_t term_ms);

/* Writes down that this guard has them, and gives the child's environment what its descendants are known by. */
void locks_record(const struct locks *locks);

/* Writes down that nothing of the tree is left. The locks themselves end with the process. */
void locks_record_end(const struct locks *locks);

#endif
