/* The server that a home's latest daemon served: what a command means that names a home alone. Java's `ServerOptions.keptTarget`. */
#ifndef MPX_KEPT_TARGET_H
#define MPX_KEPT_TARGET_H

#include "environment.h"
#include "target.h"

/* By the home's record; false if there is none. Takes `home` over if so, which is its real path. */
bool kept_target_of(struct target *out, char *home, const struct environment *environment);

/* By the home's record where the home is all that is named and has one; else what target_find says, and fails as that does. */
bool kept_target_find(struct target *out, const struct invocation *invocation, char **error);

#endif
