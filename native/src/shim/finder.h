/*
 * Finds the daemon, or starts it, without ever waiting: where it is prescribed (whereabouts.h), else where the home's broker.json
 * says, else it is started, under start.lock. A daemon older than this mpx is asked to hand over first. To be driven by whoever
 * polls: finder_step does what can be done now.
 */
#ifndef MPX_FINDER_H
#define MPX_FINDER_H

#include "finder_state.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

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
