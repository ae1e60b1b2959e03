/* One try to find the daemon: how it begins, goes on and ends, and what it holds meanwhile. For the rooms of the finder alone. */
#ifndef MPX_ATTEMPT_H
#define MPX_ATTEMPT_H

#include "finder_state.h"

#include <stdint.h>

void attempt_begin(struct finder *finder);

/* Gives up what it holds. */
void attempt_let_go(struct finder *finder);
void attempt_release_lock(struct finder *finder);

/* The endpoint that is being tried, for people; may be empty. */
const char *attempt_endpoint(const struct finder *finder);

/* There is one, of that kind; what it is, is to be added to `trouble`. */
void attempt_trouble(struct finder *finder, const char *reason);

/* What it is, where the daemon does not answer at the endpoint that is prescribed. */
void attempt_explain_prescribed(struct finder *finder, const char *why);

/* It ends: so; since a setting or the home is unusable (`error` is freed); since nobody answers at the prescribed endpoint. */
enum finder_outcome attempt_end(struct finder *finder, enum finder_outcome outcome);
enum finder_outcome attempt_unservable(struct finder *finder, char *error);
enum finder_outcome attempt_unreachable(struct finder *finder, const char *why);

/* It goes on from the beginning: after that time; later each time, and not in step with all the others that look. */
enum finder_outcome attempt_look_again(struct finder *finder, int64_t after_ms, int64_t now);
enum finder_outcome attempt_look_again_later(struct finder *finder, int64_t now);

#endif
