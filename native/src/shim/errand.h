/*
 * Work that may wait for long, done by a process of its own, so that whoever polls need not: it brings a connection, or says
 * why there is none. The process ends when nobody waits for it any more.
 */
#ifndef MPX_ERRAND_H
#define MPX_ERRAND_H

#include "text.h"

#include <stdbool.h>
#include <sys/types.h>

enum errand_outcome {
    ERRAND_RUNS,
    ERRAND_FOUND,  /* `brought` is a connection, `said` what came on it */
    ERRAND_FAILED, /* `said` is why; so for those that follow */
    ERRAND_BUSY,   /* it may well be over in a moment */
    ERRAND_GONE    /* the process ended without a word */
};

struct errand {
    int fd;      /* to be polled for reading; -1: nothing is under way */
    int brought; /* -1: nothing */
    pid_t process;
    struct text said;
};

/* What is done, with somebody at the other end of `home`; ends the process. Standard input, output and error lead nowhere. */
typedef void errand_work(const void *task, int home);

void errand_init(struct errand *errand);

/* False, by errno, when no process can be made. */
bool errand_begin(struct errand *errand, errand_work *work, const void *task);

/* Takes what is there. The connection that was brought is the caller's as soon as it has set `brought` to -1. */
enum errand_outcome errand_step(struct errand *errand);

/* Gives it up. */
void errand_end(struct errand *errand);

/* For the end of this process: gives up what is under way, and waits a moment for those that are about to end. */
void errand_settle(void);

/* ---- for the work itself */

/*
 * Says how it went, once, and closes `home`; `connection` may be -1, and is closed as well. `stays`: the process won't end at
 * once.
 */
void errand_tell(int home, enum errand_outcome outcome, struct slice words, int connection, bool stays);

#endif
