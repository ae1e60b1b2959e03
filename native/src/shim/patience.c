#include "patience.h"

#include "launch.h"

#include <stdlib.h>

#define USUAL_LIMIT_MS 60000
#define SLOW_MS 2000
#define FIRST_PAUSE_MS 50
#define LONGEST_PAUSE_MS 5000
#define LONGEST_CALM_PAUSE_MS 30000
/* A daemon that lived for less is not worth hurrying for again. */
#define HEALTHY_MS 5000

void patience_init(struct patience *patience, int64_t now)
{
    char *given = java_option("-Dmpx.patience=");
    *patience = (struct patience){
        .limit_ms = given == NULL ? USUAL_LIMIT_MS : atoll(given), .since_ms = now, .next_try_ms = now};
    free(given);
}

void patience_connected(struct patience *patience, int64_t now)
{
    patience->connected_ms = now;
    patience->calm = false;
}

/* From half of it to one and a half: not in step with everybody else who lost the same daemon. */
static void pause(struct patience *patience, int64_t now)
{
    int64_t spread = patience->pause_ms > 0 ? (int64_t) (random() % patience->pause_ms) : 0;
    int64_t longest = patience->calm ? LONGEST_CALM_PAUSE_MS : LONGEST_PAUSE_MS;
    patience->last_try_ms = now;
    patience->next_try_ms = now + patience->pause_ms / 2 + spread;
    patience->pause_ms = patience->pause_ms == 0              ? FIRST_PAUSE_MS
                         : 2 * patience->pause_ms < longest ? 2 * patience->pause_ms
                                                             : longest;
}

void patience_lost(struct patience *patience, int64_t now)
{
    if (now - patience->connected_ms >= HEALTHY_MS || patience->pause_ms == 0) {
        patience->pause_ms = 0;
    }
    patience->since_ms = now;
    pause(patience, now);
}

void patience_failed(struct patience *patience, int64_t now)
{
    if (patience->pause_ms == 0) {
        patience->pause_ms = FIRST_PAUSE_MS;
    }
    pause(patience, now);
}

void patience_calms(struct patience *patience)
{
    patience->calm = true;
}

void patience_asked(struct patience *patience, int64_t now)
{
    int64_t soon = patience->last_try_ms + LONGEST_PAUSE_MS;
    if (patience->calm && soon < patience->next_try_ms) {
        patience->next_try_ms = soon > now ? soon : now;
        patience->pause_ms = LONGEST_PAUSE_MS;
    }
}

int64_t patience_ends(const struct patience *patience)
{
    return patience->since_ms + patience->limit_ms;
}

int64_t patience_gets_slow(const struct patience *patience)
{
    return patience->since_ms + SLOW_MS;
}
