/*
 * The daemon that a palace is borrowed from: found, or started, and spoken with line by line, without ever waiting. To be driven
 * by whoever polls.
 */
#ifndef MPX_LENDER_H
#define MPX_LENDER_H

#include "finder.h"

struct lender {
    struct finder finder;
    enum { LENDER_AWAY, LENDER_SOUGHT, LENDER_THERE } place;
    int64_t seek_at;  /* while it is away; INT64_MAX: not at all */
    int64_t pause_ms; /* before it is sought the next time */
    bool may_start;
    struct dialogue talk;
};

enum lender_event {
    LENDER_QUIET,
    LENDER_CAME,  /* greeted: it can be spoken to */
    LENDER_SAID,  /* a line */
    LENDER_LEFT,  /* the connection has ended */
    LENDER_HANGS, /* it takes connections, but does not answer; it is sought on */
    LENDER_NONE   /* there is none to be had: finder.trouble says why */
};

void lender_init(struct lender *lender, const struct target *target);
void lender_free(struct lender *lender);

/* Begins to look for it, at once. Without `may_start` none is started or replaced. */
void lender_seek(struct lender *lender, bool may_start, int64_t now);

/* The same after a pause, which grows from one time to the next until one was there for a while. */
void lender_seek_later(struct lender *lender, bool may_start, int64_t now);

/* What can be done now; to be called again until it is quiet. *line is to be freed. */
enum lender_event lender_step(struct lender *lender, int64_t now, char **line);

void lender_say(struct lender *lender, const struct text *lines);

/* What to poll for. False when there is nothing. */
bool lender_wants(const struct lender *lender, struct pollfd *out);

/* When lender_step is to be called at the latest. */
int64_t lender_due(const struct lender *lender);

#endif
