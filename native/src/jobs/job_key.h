/* By which two jobs are one: docs/jobs.md, "Rules". */
#ifndef MPX_JOB_KEY_H
#define MPX_JOB_KEY_H

/* For a command that runs in `directory`. To be freed. */
char *job_key(char *const *command, const char *directory);

#endif
