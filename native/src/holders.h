/* Which processes belong to the tree of a lock file, as far as the system lets one see. Linux reads /proc. */
#ifndef MPX_HOLDERS_H
#define MPX_HOLDERS_H

#include "lockfile.h"
#include "procs.h"

/* Given to every child, inherited by its descendants unless they throw their environment away: "|KEY|KEY|". */
#define GUARDED_VARIABLE "MPX_GUARDED"

/*
 * Those that have a descriptor which holds the lock on `byte`. On Linux that is exact: the kernel lists, for a
 * descriptor, the locks of its open file, so a process that merely has the file open is not taken for one (and a
 * descriptor of that open file can only have come down from the guard that opened it). macOS tells only who has the
 * file open; that has to do, as nobody but guards opens lock files there.
 */
bool holders_by_descriptor(const struct lockfile *file, int byte, struct procs *out);

/*
 * Those that were started in a tree under this lock, even where they closed the descriptor since (Python's subprocess
 * and Java's ProcessBuilder close all above 2 for the programs they start). Linux only. Needs the memory of every
 * process for a moment, so it is asked only when the last guard did not end in good order.
 */
bool holders_by_environment(const struct lockfile *file, struct procs *out);

#endif
