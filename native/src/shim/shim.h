/* `mpx` and `mpx connect`: what an agent starts in place of its server. */
#ifndef MPX_SHIM_H
#define MPX_SHIM_H

#include "target.h"

/* Returns the status to exit with, once the agent is gone. */
int shim_main(const struct invocation *invocation);

#endif
