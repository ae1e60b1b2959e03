/* From one state of the session to the next, with all that has to happen on the way: the one place where they change. */
#ifndef MPX_TRANSITION_H
#define MPX_TRANSITION_H

#include "session.h"

/* A daemon has taken the session on. */
void transition_to_live(struct session *session, int64_t now);

/* The daemon is lost. */
void transition_to_away(struct session *session, int64_t now);

/* Nobody is kept waiting any more; why, has been explained to `absence`. */
void transition_to_silent(struct session *session, int64_t now);

/* The same, and the search ends. */
void transition_to_refused(struct session *session, int64_t now);

/* The session is over, with that exit status. */
void transition_to_end(struct session *session, int status);

#endif
