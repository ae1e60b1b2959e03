/* The guard that a job's command runs under: `mpx guard --job N --stay …`, a child of this process. */
#ifndef MPX_JOB_GUARD_H
#define MPX_JOB_GUARD_H

#include <stdint.h>
#include <sys/types.h>

struct lease {
    long long job;
    char *const *locks;
    const char *home;   /* for the command's environment */
    int64_t limit_ms;   /* 0: none */
    char *const *command;
};

/* -1, with errno, when there can be no further process. This one's stdin and stdout are the command's alone from then on. */
pid_t job_guard_start(const struct lease *lease);

#endif
