/*
 * Which palace a server would open. A palace is known by its real path: however it is named, one palace is one value, since
 * two servers on one palace corrupt it.
 *
 * The rules are those of MemPalace 3.3 to 3.9 (its config.py and the argument parser of its server): --palace, then the
 * variables, then `palace_path` in its config.json, then `palace` beside that file. Java's `Palace` says the same.
 */
#ifndef MPX_PALACE_H
#define MPX_PALACE_H

#include "environment.h"

/* The real path of the palace that a server with these arguments (its name not among them) would open. To be freed. */
char *palace_of(char *const *arguments, const struct environment *environment);

/* Whether they hold a --palace that counts. */
bool palace_is_named(char *const *arguments);

/* The user's default one, whose home is ~/.mempalace. To be freed. */
char *palace_standard(const struct environment *environment);

/* Makes a relative --palace absolute: the server runs in mpx's home, not in the agent's directory. */
void palace_make_option_absolute(char **arguments, const struct environment *environment);

#endif
