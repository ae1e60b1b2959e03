/* What is still said to an agent that has closed its side. */
#ifndef MPX_LAST_WORDS_H
#define MPX_LAST_WORDS_H

#include "session.h"

/*
 * Answers whatever is still open or comes to be read, as far as the agent listens. Waits for it: for 50 ms if it takes nothing, for
 * 5 s in all.
 */
void last_words_say(struct session *session);

#endif
