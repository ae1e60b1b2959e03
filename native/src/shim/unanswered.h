/* What a daemon that is gone leaves open between it and the agent, in either direction: refused, or taken back. */
#ifndef MPX_UNANSWERED_H
#define MPX_UNANSWERED_H

#include "answers.h"
#include "down.h"
#include "memory.h"

#include <stdbool.h>
#include <stdint.h>

/* Answers one that the agent has asked. */
void unanswered_refuse(struct memory *memory, struct down *down, struct request *request, const struct failure *failure, int64_t now);

/* Answers all that a daemon owes; an `initialize` only if it won't be asked of the next one. */
void unanswered_refuse_all(struct memory *memory, struct down *down, const struct failure *failure, bool with_handshake, int64_t now);

/* Tells the agent that nobody awaits its answers to what the daemon has asked. */
void unanswered_take_back(struct memory *memory, struct down *down);

#endif
