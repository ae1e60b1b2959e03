/* Who speaks SSH: the relay that runs on Java, or ssh(1) (docs/boundary.md). */
#ifndef MPX_SSH_WAY_H
#define MPX_SSH_WAY_H

#include "target.h"

#include <stdbool.h>

/*
 * Whether what these words mean is reached by SSH, and by the relay: then all of it is for Java. What makes no sense is for the
 * caller to find, and to say.
 */
bool ssh_way_is_javas(const struct invocation *invocation);

/* Whether what is set of it, if anything is, can be followed; else false, with a sentence in *error (to be freed). */
bool ssh_way_makes_sense(char **error);

#endif
