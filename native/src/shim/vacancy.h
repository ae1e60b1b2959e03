/* Nobody is there: a daemon is started, under start.lock, and awaited. For the rooms of the finder alone. */
#ifndef MPX_VACANCY_H
#define MPX_VACANCY_H

#include "finder_state.h"

#include <stdint.h>

/* Does what comes next, which ends the try where none is to be started from here. `why` nobody is at the prescribed endpoint. */
enum finder_outcome vacancy_found(struct finder *finder, const char *why, int64_t now);

/* Whoever starts or ends a daemon holds the start lock meanwhile, so that nobody starts another one in between. */
enum finder_outcome vacancy_lock(struct finder *finder, int64_t now);

#endif
