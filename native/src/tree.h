/* The guard's tree: all its descendants. Orphans among them come to it, as a subreaper (Linux). */
#ifndef MPX_TREE_H
#define MPX_TREE_H

#include "procs.h"

#include <stdbool.h>

/* From here on, orphans among the descendants become this process's children. */
void tree_adopt_orphans(void);

/* Every living descendant. False when it can't be told. */
bool tree_read(struct procs *out);

/* SIGTERM to each, once. */
void tree_terminate(void);

/* SIGKILL to each; to be repeated until nothing is left, since what was just forked may have been missed. */
void tree_kill(void);

#endif
