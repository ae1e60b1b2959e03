/* Lines to and from a daemon before the session is its own, never waited for. */
#ifndef MPX_DIALOGUE_H
#define MPX_DIALOGUE_H

#include "text.h"

#include <poll.h>

struct dialogue {
    int fd; /* -1: none */
    struct text outgoing;
    size_t sent;
    struct text incoming;
};

/* Nobody is there, and nothing is said; for a zeroed one, too. */
void dialogue_init(struct dialogue *dialogue);

void dialogue_hang_up(struct dialogue *dialogue);
void dialogue_free(struct dialogue *dialogue);

/* What is to be said next stands in `outgoing`; what came before is forgotten. */
void dialogue_begin(struct dialogue *dialogue);

/* Sends and reads what can be now. False once the other side has ended; what it said is there all the same. */
bool dialogue_go_on(struct dialogue *dialogue);

/* The next line, without its end, to be freed; NULL when there is none yet. */
char *dialogue_take_line(struct dialogue *dialogue);

struct pollfd dialogue_wants(const struct dialogue *dialogue);

#endif
