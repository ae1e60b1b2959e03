/*
 * Greets a daemon that is reached by TCP or SSH, without waiting: names are looked up, connections made and programs run by an
 * errand. To be driven by whoever polls.
 */
#ifndef MPX_REACH_H
#define MPX_REACH_H

#include "endpoint.h"
#include "errand.h"
#include "target.h"

enum reach_outcome {
    REACH_TRIES,
    REACH_ANSWERED,  /* a connection, and what came on it, are to be taken from the errand */
    REACH_FAILED,    /* `trouble` says why; so for those that follow */
    REACH_BUSY,      /* it may well be over in a moment */
    REACH_UNSERVABLE /* what is set is unusable */
};

struct reach {
    struct errand errand;
    struct endpoint endpoint; /* somebody else's */
    bool prescribed;
    struct text trouble;
};

void reach_init(struct reach *reach);

/* Begins a try; `prescribed`: the user has named the endpoint, else a record has. */
enum reach_outcome reach_begin(struct reach *reach, const struct endpoint *endpoint, bool prescribed, const struct target *target);

enum reach_outcome reach_step(struct reach *reach);

/* Gives it up. */
void reach_end(struct reach *reach);

void reach_free(struct reach *reach);

/* How to mend an endpoint that nobody answers at, for behind a sentence that has no full stop yet. */
const char *reach_help(bool prescribed);

#endif
