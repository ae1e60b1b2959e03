#include "duration.h"

#include "blank.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
/* What a guard takes for a limit. */
#define LONGEST_MS (24 * HOUR_MS)
/* Longer numbers are beyond every limit, but not good for one. */
#define MOST_DIGITS 12
#define MOST_DECIMALS 9

/* Where the digits at `at` end; `at` itself when there are none, or too many. */
static const char *behind_digits(const char *at, size_t most)
{
    size_t count = strspn(at, "0123456789");
    return count <= most ? at + count : at;
}

/* Takes "NUMBER LETTER" if that is what comes. Up to a day is added to *ms, more makes it more than a day. */
static const char *take(const char *at, char letter, int64_t unit, int64_t *ms)
{
    const char *end = behind_digits(at, MOST_DIGITS);
    if (end == at || tolower((unsigned char) *end) != letter) {
        return at;
    }
    long long count = strtoll(at, NULL, 10);
    *ms += count > LONGEST_MS / unit ? LONGEST_MS + 1 : count * unit;
    return end + 1;
}

/* The same for seconds with decimals; what is less than a millisecond counts as one, since none at all means something else. */
static const char *take_fraction(const char *at, int64_t *ms)
{
    const char *point = behind_digits(at, MOST_DIGITS);
    const char *end = *point == '.' ? behind_digits(point + 1, MOST_DECIMALS) : point;
    if (point == at || end <= point + 1 || tolower((unsigned char) *end) != 's') {
        return at;
    }
    long long count = strtoll(at, NULL, 10);
    int64_t scale = SECOND_MS;
    int64_t thousandths = 0;
    bool is_rest = false;
    for (const char *digit = point + 1; digit < end; digit++) {
        scale /= 10;
        thousandths += (*digit - '0') * scale;
        is_rest = is_rest || (scale == 0 && *digit != '0');
    }
    *ms += count > LONGEST_MS / SECOND_MS ? LONGEST_MS + 1 : count * SECOND_MS + thousandths + is_rest;
    return end + 1;
}

static bool read_parts(const char *text, int64_t *ms)
{
    int64_t sum = 0;
    const char *at = take(text, 'h', HOUR_MS, &sum);
    at = take(at, 'm', MINUTE_MS, &sum);
    const char *end = take(at, 's', SECOND_MS, &sum);
    end = end == at ? take_fraction(at, &sum) : end;
    *ms = sum;
    return end != text && *end == '\0' && sum <= LONGEST_MS;
}

bool duration_read(const char *text, int64_t *ms)
{
    char *plain = slice_copy(blank_strip(slice_of(text)));
    int64_t read = 0;
    bool good = strcmp(plain, "0") == 0 || read_parts(plain, &read);
    if (good) {
        *ms = read;
    }
    free(plain);
    return good;
}

bool duration_read_option(const char *text, int64_t *ms)
{
    const char *end = behind_digits(text, MOST_DIGITS);
    long long seconds = end == text ? -1 : strtoll(text, NULL, 10);
    if (seconds < 0 || *end != '\0') {
        return duration_read(text, ms);
    }
    *ms = seconds > LONGEST_MS / SECOND_MS ? -1 : seconds * SECOND_MS;
    return *ms >= 0;
}

void duration_add(struct text *text, int64_t ms)
{
    bool is_hours = ms > 0 && ms % HOUR_MS == 0;
    bool is_minutes = ms > 0 && ms % MINUTE_MS == 0;
    if (ms % SECOND_MS != 0) {
        text_format(text, "%lld.%03llds", (long long) (ms / SECOND_MS), (long long) (ms % SECOND_MS));
        return;
    }
    text_add_number(text, ms / (is_hours ? HOUR_MS : is_minutes ? MINUTE_MS : SECOND_MS));
    text_add(text, is_hours ? "h" : is_minutes ? "m" : "s");
}
