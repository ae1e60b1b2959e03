/* For commands, which may wait: the finder (finder.h) driven to its end. */
#ifndef MPX_FIND_H
#define MPX_FIND_H

#include "finder.h"

/* Returns the status to exit with: 0 once a daemon is found, whose connection is to be taken; else why there is none is said. */
int find_daemon(struct finder *finder);

#endif
