/* What a job that waits for its turn is told about that, in one line for people. */
#ifndef MPX_NOTICE_H
#define MPX_NOTICE_H

#include "borrow.h"
#include "text.h"

/* "waiting for the palace: …"; `queued` may be NULL: nothing is known yet. */
void notice_add(struct text *text, const struct reply *queued);

#endif
