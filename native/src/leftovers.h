/* Ends what a dead guard has left over. */
#ifndef MPX_LEFTOVERS_H
#define MPX_LEFTOVERS_H

#include "locks.h"

/*
 * To be called with the claim of every lock had. Takes the trees' locks; as long as one is held, or `look_closer` and
 * something started under it is alive, those processes and their descendants get SIGTERM and, after `term_ms`, SIGKILL.
 * 0, or the status to exit with.
 */
int leftovers_end(struct locks *locks, bool look_closer, int64_t term_ms);

#endif
