/* The guard that a job's command runs under: `mpx guard --job N --stay …`, a child of this process. */
#ifndef MPX_JOB_GUARD_H
#define MPX_JOB_GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct lease {
    long long job;
    char *const *locks;
    const char *home;   /* for the command's environment */
    int64_t limit_ms;   /* 0: none */
    char *const *command;
};

struct job_guard {
    pid_t pid; /* 0: none */
    int told;  /* where it says that it has started the command */
};

/* False, with errno, when there can be no further process. This one's stdin and stdout are the command's alone from then on. */
bool job_guard_start(struct job_guard *out, const struct lease *lease);

/*
 * False while it goes on. Then *status is what the job ends with: the command's status, 124 when its time was over, 128 + signal for a
 * guard that was killed, and 1, after a sentence, for one that has run nothing; that guard has said why.
 */
bool job_guard_ended(struct job_guard *guard, int *status);

#endif
