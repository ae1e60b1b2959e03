/* How old a mine beside mpx may get: MPX_JOBS_ORPHANS, else `[jobs] orphans` in the machine's mpx.toml, else in the home's. */
#ifndef MPX_JOBS_SETTING_H
#define MPX_JOBS_SETTING_H

#include <stdbool.h>
#include <stdint.h>

/* 30 min where nothing is set. False, with a sentence in *error (to be freed), for a setting that makes no sense. */
bool jobs_setting_orphans(const char *home, int64_t *age_ms, char **error);

#endif
