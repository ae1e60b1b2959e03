#include "attempt.h"

#include <stdlib.h>
#include <unistd.h>

/* Two hundred that look again every 20 ms leave the one that starts no time to start. */
#define FIRST_PAUSE_MS 20
#define LONGEST_PAUSE_MS 320

void attempt_release_lock(struct finder *finder)
{
    if (finder->lock >= 0) {
        close(finder->lock);
        finder->lock = -1;
    }
}

void attempt_let_go(struct finder *finder)
{
    dialogue_hang_up(&finder->talk);
    reach_end(&finder->reach);
    attempt_release_lock(finder);
    finder->place = FINDER_IDLE;
}

void attempt_begin(struct finder *finder)
{
    attempt_let_go(finder);
    finder->place = FINDER_LOOKING;
    finder->again_ms = 0;
    finder->limit_ms = 0;
    finder->pause_ms = FIRST_PAUSE_MS;
    finder->hangs = false;
    finder->owns = false;
    finder->has_started = false;
    finder->was_second = false;
    finder->trouble.length = 0;
    finder->reason.length = 0;
    finder->log.length = 0;
}

/* ---- it ends */

const char *attempt_endpoint(const struct finder *finder)
{
    return finder->endpoint == NULL ? "" : finder->endpoint;
}

void attempt_trouble(struct finder *finder, const char *reason)
{
    finder->reason.length = 0;
    text_add(&finder->reason, reason);
    finder->trouble.length = 0;
}

enum finder_outcome attempt_end(struct finder *finder, enum finder_outcome outcome)
{
    attempt_let_go(finder);
    return outcome;
}

enum finder_outcome attempt_unservable(struct finder *finder, char *error)
{
    attempt_trouble(finder, "no-daemon");
    text_add(&finder->trouble, error);
    free(error);
    return attempt_end(finder, FINDER_UNSERVABLE);
}

void attempt_explain_prescribed(struct finder *finder, const char *why)
{
    text_format(&finder->trouble, "mpx can't reach the daemon at %s: %s%s", attempt_endpoint(finder), why, reach_help(true));
}

enum finder_outcome attempt_unreachable(struct finder *finder, const char *why)
{
    attempt_trouble(finder, "no-daemon");
    attempt_explain_prescribed(finder, why);
    return attempt_end(finder, FINDER_FAILED);
}

/* ---- it goes on */

enum finder_outcome attempt_look_again(struct finder *finder, int64_t after_ms, int64_t now)
{
    dialogue_hang_up(&finder->talk);
    finder->place = FINDER_LOOKING;
    finder->again_ms = now + after_ms;
    return FINDER_LOOKS;
}

enum finder_outcome attempt_look_again_later(struct finder *finder, int64_t now)
{
    int64_t pause = finder->pause_ms + (int64_t) (random() % finder->pause_ms);
    finder->pause_ms = finder->pause_ms * 2 < LONGEST_PAUSE_MS ? finder->pause_ms * 2 : LONGEST_PAUSE_MS;
    return attempt_look_again(finder, pause, now);
}
