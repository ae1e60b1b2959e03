/* Lengths of time as people write them: `90s`, `10m`, `2h`, or seconds. */
#ifndef MPX_DURATION_H
#define MPX_DURATION_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* A day at most. False for anything else. */
bool duration_read(const char *text, int64_t *ms);

/* In whole seconds, as duration_read takes it. */
void duration_add(struct text *text, int64_t ms);

#endif
