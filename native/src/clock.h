#ifndef MPX_CLOCK_H
#define MPX_CLOCK_H

#include <stdint.h>

/*
 * Milliseconds that this process was awake for; their zero means nothing. Nobody can set this clock, and it stands
 * still while the process or the machine is stopped: who wakes up together with those it waits for must not find that
 * they have had their time.
 */
int64_t now_ms(void);

/* To be said before sleeping: that up to `limit_ms` (-1: any time) from here on are meant to be slept. */
void clock_expects_sleep(int64_t limit_ms);

#endif
