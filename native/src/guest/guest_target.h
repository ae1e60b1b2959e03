/* Which server somebody from another machine means, who names a home alone. Java's `ServerOptions.guestsTarget`. */
#ifndef MPX_GUEST_TARGET_H
#define MPX_GUEST_TARGET_H

#include "target.h"

/*
 * What is served there is what the home's record says, or what its name says of its palace; with more than a home, or none, it is
 * what target_find says. False, with a sentence in *error (to be freed), if nothing tells.
 */
bool guest_target_find(struct target *out, const struct invocation *invocation, char **error);

#endif
