/* Processes that SIGKILL does not end: stuck in the kernel, as on a network file system that is gone. */
#ifndef MPX_WEDGED_H
#define MPX_WEDGED_H

#include "procs.h"

/* How long after SIGKILL a process counts as wedged, and how often that is said. */
#define WEDGED_MS 10000

/* One line to stderr about one of them. */
void say_wedged(const struct procs *left);

#endif
