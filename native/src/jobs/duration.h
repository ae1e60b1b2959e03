/* Lengths of time as people write them, by the grammar of all settings (Java's Setting): `90s`, `1h30m`, `0.5s`, `0`. */
#ifndef MPX_DURATION_H
#define MPX_DURATION_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Hours, minutes and seconds in that order, in letters of either case, seconds with up to nine decimals. False, and *ms as it was, for
 * anything else, and for more than a day.
 */
bool duration_read(const char *text, int64_t *ms);

/* The same, or a whole number of seconds: for options. */
bool duration_read_option(const char *text, int64_t *ms);

/* In the largest unit that it is a whole number of, as duration_read takes it. */
void duration_add(struct text *text, int64_t ms);

#endif
