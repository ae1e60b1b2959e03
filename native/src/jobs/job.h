/* One job from its request to the command's end: docs/jobs.md, "The path of one job". */
#ifndef MPX_JOB_H
#define MPX_JOB_H

#include "borrow.h"
#include "target.h"

/* Returns the status to exit with. */
int job_run(const struct target *target, const struct terms *terms);

#endif
