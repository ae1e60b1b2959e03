/* Signals to a borrower, taken in when it looks. */
#ifndef MPX_JOB_SIGNALS_H
#define MPX_JOB_SIGNALS_H

#include <stdbool.h>

/*
 * From here on SIGTERM, SIGHUP, SIGINT and SIGQUIT wait to be taken, but for those that whoever started this has it ignore
 * (nohup, a shell's background); SIGCHLD is told by the descriptor alone. False, with errno, when there are no descriptors left.
 */
bool job_signals_catch(void);

/* Readable once there was one. */
int job_signals_descriptor(void);

/* The next of those that came, 0 when there is none. */
int job_signals_take(void);

/* Back to what was there before, for a child between fork and exec. */
void job_signals_restore(void);

#endif
