/* Lets the daemon finish what it does before this process runs, where both would run on one processor. */
#ifndef MPX_COURTESY_H
#define MPX_COURTESY_H

#include <stdbool.h>

/*
 * From now on a wake-up of this process does not take the place of what runs; an idle processor takes it at once, as before. A
 * daemon that answers many sessions in one go is interrupted by the first of them else, and by each one after that. False if
 * nothing was changed: the system can't do it, or somebody has chosen another way to schedule this process.
 */
bool courtesy_begin(void);

/* As before; what is started from now on is scheduled like any other program. */
void courtesy_end(void);

#endif
