/* logs/jobs.log in the home: what detached jobs say, and when they began and ended. Never larger than a few MiB. */
#ifndef MPX_JOB_LOG_H
#define MPX_JOB_LOG_H

#include <stdint.h>

/* To append to, begun anew if it has grown; -1 with errno. The home is there. */
int job_log_open(const char *home);

/* Lines for the jobs that write there; nothing for any other. */
void job_log_begins(char *const *command, long long job);
void job_log_ends(long long job, int status);

/* From here on standard error is the log, and job_log_keep_small sees to what the command writes into it. */
void job_log_is_stderr(void);
void job_log_keep_small(int64_t now);

/* When that is due; INT64_MAX: there is no log. */
int64_t job_log_due(void);

#endif
