/* Starts the guarded program. */
#ifndef MPX_CHILD_H
#define MPX_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Starts `command` (found on PATH) in a session of its own, unless it is to `stay` in this one and this process group, with default
 * signals (events.h says which), and with this process's stdin, stdout and stderr, of which this process then keeps stderr alone. It is
 * killed when this process ends (Linux). What can't be started says so on stderr and ends with 127 (not found) or 126. -1 when there
 * can be no further process.
 */
pid_t child_start(char *const *command, bool stay);

/*
 * Lets go of this process's stdin and stdout: as long as it had a copy of them, nobody would see the child close its stdout, nor get
 * EPIPE for its stdin. Without /dev/null they are closed.
 */
void child_has_stdin_and_stdout(void);

/* What a process ended with, as a shell has it: 128 + signal for one that was killed. `ended` is as waitpid has it. */
int child_exit_status(int ended);

#endif
