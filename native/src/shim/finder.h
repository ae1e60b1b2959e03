/*
 * Finds the daemon, or starts it, without ever waiting: where it is prescribed (whereabouts.h), else where the home's broker.json
 * says, else it is started, under start.lock. A daemon older than this mpx is asked to hand over first. To be driven by whoever
 * polls: finder_step does what can be done now.
 */
#ifndef MPX_FINDER_H
#define MPX_FINDER_H

#include "dialogue.h"
#include "reach.h"
#include "start.h"
#include "target.h"
#include "text.h"
#include "whereabouts.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

enum finder_outcome {
    FINDER_LOOKS,
    FINDER_FOUND,     /* the greeting was answered: the connection is to be taken with finder_take */
    FINDER_FAILED,    /* this try; another may do better */
    FINDER_REFUSED,   /* the daemon won't have this client */
    FINDER_UNSERVABLE /* the home or a setting is unusable */
};

enum finder_place { FINDER_IDLE, FINDER_LOOKING, FINDER_REACHING, FINDER_GREETING, FINDER_LOCKING, FINDER_STOPPING };

struct finder {
    const struct target *target;
    enum finder_place place;
    struct whereabouts where;
    char *endpoint;    /* the one that is being tried, or was found, as text */
    bool is_far;       /* it is one that a daemon started here would not listen at: nothing is started in its place */
    bool owns;         /* nobody answers at those of another kernel, and this machine may own the home: one is started */
    struct reach reach;
    struct dialogue talk;
    int64_t again_ms;  /* when to look again; 0: now */
    int64_t limit_ms;  /* of what is being waited for */
    int64_t pause_ms;
    int lock;          /* start.lock, held; or -1 */
    bool has_started;
    bool was_second;
    bool was_alive;
    struct started daemon;
    int64_t start_limit_ms;
    bool keeps_older;
    bool hangs; /* whoever takes connections has let a greeting go unanswered */
    /* Why there is none, as far as is known: for people. */
    struct text trouble;
    struct text reason;
    struct text log; /* a JSON array of lines, or empty */
};

void finder_init(struct finder *finder, const struct target *target);

/* Begins a try. */
void finder_begin(struct finder *finder);

enum finder_outcome finder_step(struct finder *finder, int64_t now);

/* What to poll for. False when there is nothing. */
bool finder_wants(const struct finder *finder, struct pollfd *out);

/* When finder_step is to be called at the latest. INT64_MAX: there is no such time. */
int64_t finder_due(const struct finder *finder);

/* The connection that was found, and what the daemon said behind its greeting. */
int finder_take(struct finder *finder, struct text *rest);

/* Gives up what it holds. */
void finder_end(struct finder *finder);

/* The same, and what it has to say with it. */
void finder_free(struct finder *finder);

#endif
