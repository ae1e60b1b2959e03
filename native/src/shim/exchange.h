/* What passes between the agent and the daemon in one turn of the loop, in both directions, and what its end on either side means. */
#ifndef MPX_EXCHANGE_H
#define MPX_EXCHANGE_H

#include "session.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether more of the agent's is taken. Who does not listen to the shim's own answers is not asked for more of what they answer. */
bool exchange_listens(const struct session *session);

/* From the agent, after poll said so. */
void exchange_hear_agent(struct session *session, int64_t now);

/* The agent is not listened to, but poll has told that its side is closed. */
void exchange_note_close(struct session *session, int64_t now);

/* From the daemon, after poll said so. */
void exchange_hear_daemon(struct session *session, int64_t now);

/* Deals with what of the agent's can't be sent now. */
void exchange_settle(struct session *session, int64_t now);

/* Whether there is anything to say to the daemon that is there. */
bool exchange_has_words(const struct session *session);

void exchange_tell_daemon(struct session *session, int64_t now);

/* To the agent. `ready`: poll has said that it takes bytes. */
void exchange_tell_agent(struct session *session, bool ready);

#endif
