/*
 * Whether a daemon may own a home and its data from here: on a mount that another kernel may see too, nobody can be sure to be
 * the only one. Java's `Ownership`.
 */
#ifndef MPX_OWNERSHIP_H
#define MPX_OWNERSHIP_H

#include "target.h"

/* False, with a sentence in *error (to be freed), if they lie on such a mount and nobody said that it may be owned from here. */
bool ownership_check(const struct target *target, char **error);

/* *is: MPX_OWNER=here, or `owner` in the machine's settings, asks for it. False, with a sentence, for a value that means nothing. */
bool ownership_is_allowed(bool *is, char **error);

#endif
