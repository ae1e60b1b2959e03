/* Looks for a daemon while there is none, and has it take the session on: where the agent has been welcomed before, that is asked first. */
#ifndef MPX_NEXT_DAEMON_H
#define MPX_NEXT_DAEMON_H

#include "session.h"

/* Does what can be done now, if one is wanted and it is time to. */
void next_daemon_look(struct session *session, int64_t now);

/* It has answered the session's `initialize` with the error that `down` has read; it ended instead; its time to answer is over. */
void next_daemon_denied(struct session *session, int64_t now);
void next_daemon_ended(struct session *session, int64_t now);
void next_daemon_late(struct session *session, int64_t now);

#endif
