/* What time brings to a session, and how long until it does. */
#ifndef MPX_DEADLINES_H
#define MPX_DEADLINES_H

#include "session.h"

#include <stdint.h>

/* Does what is due. */
void deadlines_keep(struct session *session, int64_t now);

/* For how long there is nothing to do, 60 s at most; -1: until something comes. Each limit that deadlines_keep knows counts here. */
int deadlines_rest_ms(const struct session *session, int64_t now);

#endif
