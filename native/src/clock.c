#include "clock.h"

#include <time.h>

/* The clock is asked many times a second when it matters, so a longer gap was not of its own making. */
#define GAP_MS 1000

static int64_t last;
static int64_t lost;
static int64_t expected;

static int64_t uninterrupted_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t now_ms(void)
{
    int64_t now = uninterrupted_ms();
    int64_t gap = now - last - (expected > 0 ? expected : 0);
    if (last != 0 && expected >= 0 && gap > GAP_MS) {
        lost += gap;
    }
    last = now;
    expected = 0;
    return now - lost;
}

void clock_expects_sleep(int64_t limit_ms)
{
    now_ms();
    expected = limit_ms;
}
