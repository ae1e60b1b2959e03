/* A lock that somebody else has. */
#ifndef MPX_HELD_H
#define MPX_HELD_H

#include "procs.h"

/* One line to stderr: which file, and who holds it, since when; NULL for one that can't be seen. */
void say_held(const char *path, const struct proc *holder);

#endif
