/* Starts the guarded program. */
#ifndef MPX_CHILD_H
#define MPX_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Starts `command` (found on PATH) in a session of its own, unless it is to `stay` in this one and this process group, with default signals (events.h says which), and with this process's stdin, stdout
 * and stderr, of which this process then keeps stderr alone. It is killed when this process ends (Linux). What can't be
 * started says so on stderr and ends with 127 (not found) or 126. -1 when there can be no further process.
 */
pid_t child_start(char *const *command, bool stay);

#endif
