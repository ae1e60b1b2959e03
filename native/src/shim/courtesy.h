/*
 * Lets a daemon of this machine finish what it does before this process runs, where both would run on one processor: one that answers
 * many sessions in one go is interrupted by the first of them else, and by each one after that. Only while much passes. A program that
 * asks now and then would only wait longer for its turn beside others' work.
 */
#ifndef MPX_COURTESY_H
#define MPX_COURTESY_H

#include <stdbool.h>
#include <stdint.h>

/* A zeroed one has met nobody. */
struct courtesy {
    bool declined; /* somebody else has chosen how this process is scheduled, or the system can't */
    bool met;
    bool begun;
    unsigned heard; /* lines, since it was last looked */
    int64_t look_ms;
};

/* This is a daemon of this machine. */
void courtesy_meet(struct courtesy *courtesy);

/* It has said so many lines. */
void courtesy_hear(struct courtesy *courtesy, unsigned lines);

/* Begins or ends it by what was heard lately, if it is time to. */
void courtesy_look(struct courtesy *courtesy, int64_t now);

/* When to look at the latest; INT64_MAX: when something comes. */
int64_t courtesy_due(const struct courtesy *courtesy);

/* The daemon is gone, and what is started from now on is scheduled like any other program. */
void courtesy_part(struct courtesy *courtesy);

#endif
