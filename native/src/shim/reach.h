/*
 * Greets a daemon that is reached by TCP or SSH, at the first of several endpoints that answers, without waiting: names are looked
 * up, connections made and programs run by an errand. To be driven by whoever polls.
 */
#ifndef MPX_REACH_H
#define MPX_REACH_H

#include "errand.h"
#include "target.h"
#include "whereabouts.h"

#include <poll.h>
#include <stdint.h>

enum reach_outcome {
    REACH_TRIES,
    REACH_ANSWERED,  /* there is a connection to be taken with reach_take */
    REACH_FAILED,    /* `trouble` says why the first of them did not answer; so for the next */
    REACH_BUSY,      /* it may well be over in a moment */
    REACH_UNSERVABLE /* what is set is unusable */
};

struct reach {
    struct errand errand;
    const struct whereabouts *where; /* somebody else's */
    const struct target *target;
    size_t at;        /* which of them is being tried */
    int64_t limit_ms; /* when it is given up */
    bool was_busy;    /* the first of them */
    struct text trouble;
};

void reach_init(struct reach *reach);

/* Begins with the first of them. */
enum reach_outcome reach_begin(struct reach *reach, const struct whereabouts *where, const struct target *target, int64_t now);

enum reach_outcome reach_step(struct reach *reach, int64_t now);

/* What to poll for while it tries; it is to be stepped at limit_ms at the latest. */
struct pollfd reach_wants(const struct reach *reach);

/* The one that has answered, or is being tried. */
const struct endpoint *reach_endpoint(const struct reach *reach);

/* The connection, and what was said on it so far. */
int reach_take(struct reach *reach, struct text *said);

/* Gives it up. */
void reach_end(struct reach *reach);

void reach_free(struct reach *reach);

/* How to mend an endpoint that nobody answers at, for behind a sentence that has no full stop yet. */
const char *reach_help(bool prescribed);

#endif
