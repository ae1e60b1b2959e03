/* How this system tells that a process has ended. */
#ifndef MPX_PARENT_H
#define MPX_PARENT_H

#include <stdbool.h>
#include <sys/types.h>

/* A descriptor that poll finds readable once `pid` has ended; -1 where the system has none. */
int parent_open(pid_t pid);

#endif
