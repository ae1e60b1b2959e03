#include "duration.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
/* What a guard takes for a limit. */
#define LONGEST_MS (24 * HOUR_MS)

/* How long one of a unit is; 0 for what is none. */
static int64_t unit_ms(const char *unit)
{
    return *unit == '\0' || strcmp(unit, "s") == 0 ? SECOND_MS
           : strcmp(unit, "m") == 0                ? MINUTE_MS
           : strcmp(unit, "h") == 0                ? HOUR_MS
                                                   : 0;
}

bool duration_read(const char *text, int64_t *ms)
{
    char *end;
    if (*text < '0' || *text > '9') {
        return false; /* blanks and signs, which strtoll takes */
    }
    long long count = strtoll(text, &end, 10);
    int64_t unit = unit_ms(end);
    if (unit == 0 || count > LONGEST_MS / unit) {
        return false;
    }
    *ms = count * unit;
    return true;
}

void duration_add(struct text *text, int64_t ms)
{
    bool is_hours = ms > 0 && ms % HOUR_MS == 0;
    bool is_minutes = ms > 0 && ms % MINUTE_MS == 0;
    text_add_number(text, ms / (is_hours ? HOUR_MS : is_minutes ? MINUTE_MS : SECOND_MS));
    text_add(text, is_hours ? "h" : is_minutes ? "m" : "s");
}
