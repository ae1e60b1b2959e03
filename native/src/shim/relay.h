/* One agent's session: its pipes, one daemon after the other, and what holds while there is none. docs/shim.md is its contract. */
#ifndef MPX_RELAY_H
#define MPX_RELAY_H

#include "target.h"

/* Relays until the agent is gone. Returns the status to exit with. */
int relay_run(const struct target *target);

/* The same where there is nothing to relay to, and never will be: every request is answered with that sentence. */
int relay_refuse(const char *message);

#endif
