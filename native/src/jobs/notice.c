#include "notice.h"

#include <stdio.h>
#include <time.h>

/* Of "2026-02-03T04:05:06.789Z"; 0 for anything else. */
static time_t instant(const char *text)
{
    struct tm utc = {0};
    int read = text == NULL ? 0
                            : sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &utc.tm_hour, &utc.tm_min,
                                     &utc.tm_sec);
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    return read == 6 ? timegm(&utc) : 0;
}

/* The time of day here, with the date unless it is today's. */
static void add_since(struct text *text, const char *since)
{
    time_t then = instant(since);
    time_t now = time(NULL);
    struct tm local;
    struct tm today;
    char clock[32];
    if (then == 0 || localtime_r(&then, &local) == NULL || localtime_r(&now, &today) == NULL) {
        return;
    }
    bool is_today = local.tm_yday == today.tm_yday && local.tm_year == today.tm_year;
    strftime(clock, sizeof clock, is_today ? "%H:%M" : "%Y-%m-%d %H:%M", &local);
    text_format(text, " since %s", clock);
}

void notice_add(struct text *text, const struct reply *queued)
{
    text_add(text, "waiting for the palace");
    if (queued == NULL) {
        return;
    }
    const char *before = ": ";
    if (queued->running > 0) {
        text_format(text, ": job %lld (%s) runs", queued->running, queued->command != NULL ? queued->command : "?");
        add_since(text, queued->since);
        before = "; ";
    }
    if (queued->ahead > 0) {
        text_format(text, "%s%lld ahead", before, queued->ahead);
    } else if (queued->running <= 0) {
        text_add(text, ": its server finishes what was asked before, and is ended");
    }
}
