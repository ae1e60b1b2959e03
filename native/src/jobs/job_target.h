/* Which shared server a job borrows from. */
#ifndef MPX_JOB_TARGET_H
#define MPX_JOB_TARGET_H

#include "target.h"

/*
 * As `mpx ensure` does: with `home` that home, and the server that its daemon served last; else that of `palace`; else of the
 * palace that `command` names, if it is mempalace and does; else the default one. The first two may be NULL. False, with a
 * sentence in *error (to be freed), when there is no such server.
 */
bool job_target_find(struct target *out, const char *home, const char *palace, char *const *command, char **error);

/* Whether its daemon may be this machine's: a palace is lent nowhere else. False with a sentence as above. */
bool job_target_is_here(const struct target *target, char **error);

#endif
