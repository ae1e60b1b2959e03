#ifndef MPX_CLOCK_H
#define MPX_CLOCK_H

#include <stdint.h>

/* Milliseconds on a clock that nobody can set; its zero means nothing. */
int64_t now_ms(void);

#endif
