/* The driver: plays agents with whole processes, checks every answer, and times it. */
#ifndef BENCH_DRIVER_H
#define BENCH_DRIVER_H

#include "session.h"

struct plan {
    unsigned sessions;
    struct load load;
    double warm_seconds;
    double seconds;
    double pause; /* milliseconds before each call of one session alone: an agent that thinks */
    double longest; /* seconds after which it ends although it had fewer calls than it should have had; 0: never */
    unsigned long calls; /* the measured part ends after so many, if they come before its seconds are over; 0: no such end */
    unsigned long least; /* and not before it has had so many */
    unsigned stalled; /* further sessions that ask for a lot and read nothing */
    unsigned slow; /* further sessions that read a little now and then */
    unsigned repeat;
    unsigned patience_seconds; /* the longest silence */
    char **command;
};

/* A member of the plan and its number, such as `window=16`. */
bool plan_take_option(struct plan *plan, const char *word);

/* Sessions that are opened once, warmed up, measured as often as the caller says, and closed. */
void drive_load(struct plan *plan);

/* One session after the other, from before its process is made to its first answers. */
void drive_starts(const struct plan *plan);

#endif
