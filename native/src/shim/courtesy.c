#include "courtesy.h"

/* So many lines within such a time are much: one every 3 ms. Once it has begun, half as many will do. */
#define MUCH 8
#define STILL_MUCH 4
#define LOOK_MS 25

#if defined(__linux__)

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By system calls: musl's functions of these names do nothing. */
static bool change(int from, int to)
{
    static const struct sched_param NO_PRIORITY = {.sched_priority = 0};
    return syscall(SYS_sched_getscheduler, 0) == from && syscall(SYS_sched_setscheduler, 0, to, &NO_PRIORITY) == 0;
}

/* From now on a wake-up of this process does not take the place of what runs; an idle processor takes it at once, as before. */
static bool begin(void)
{
    return change(SCHED_OTHER, SCHED_BATCH);
}

static bool end(void)
{
    return change(SCHED_BATCH, SCHED_OTHER);
}

static bool is_wanted(void)
{
    const char *said = getenv("MPX_COURTESY");
    return said == NULL || strcmp(said, "no") != 0;
}

#else

static bool begin(void)
{
    return false;
}

static bool end(void)
{
    return true;
}

static bool is_wanted(void)
{
    return false;
}

#endif

void courtesy_meet(struct courtesy *courtesy)
{
    courtesy->met = !courtesy->declined && is_wanted();
    courtesy->heard = 0;
}

void courtesy_hear(struct courtesy *courtesy, unsigned lines)
{
    courtesy->heard += lines;
}

static void set(struct courtesy *courtesy, bool begun)
{
    if (begun != courtesy->begun) {
        courtesy->declined = begun ? !begin() : !end();
        courtesy->met = courtesy->met && !courtesy->declined;
        courtesy->begun = begun && !courtesy->declined;
    }
}

void courtesy_look(struct courtesy *courtesy, int64_t now)
{
    if (courtesy->met && now >= courtesy->look_ms) {
        bool is_fresh = now < courtesy->look_ms + LOOK_MS; /* else what was heard may be long ago */
        set(courtesy, is_fresh && courtesy->heard >= (courtesy->begun ? STILL_MUCH : MUCH));
        courtesy->heard = 0;
        courtesy->look_ms = now + LOOK_MS;
    }
}

int64_t courtesy_due(const struct courtesy *courtesy)
{
    return courtesy->begun ? courtesy->look_ms : INT64_MAX;
}

void courtesy_part(struct courtesy *courtesy)
{
    set(courtesy, false);
    courtesy->met = false;
}
