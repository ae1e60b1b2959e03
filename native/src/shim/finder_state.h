/* How far a try to find the daemon is. For those who have a finder, and for its rooms: attempt, vacancy, greeter. */
#ifndef MPX_FINDER_STATE_H
#define MPX_FINDER_STATE_H

#include "dialogue.h"
#include "reach.h"
#include "start.h"
#include "target.h"
#include "text.h"
#include "whereabouts.h"

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
    bool only_looks; /* none is started: set between finder_init and finder_begin */
    bool hangs; /* whoever takes connections has let a greeting go unanswered */
    /* Why there is none, as far as is known: for people. */
    struct text trouble;
    struct text reason;
    struct text log; /* a JSON array of lines, or empty */
};

#endif
