/* Where a daemon should be: what the environment or the machine's settings prescribe, or what a home has on record. */
#ifndef MPX_ENDPOINT_H
#define MPX_ENDPOINT_H

#include <stdbool.h>

/*
 * MEMPALACE_BROKER, else `endpoint` in ~/.config/mpx/mpx.toml or /etc/mpx/mpx.toml. *path is the path of a UNIX socket, to
 * be freed, or NULL when nothing is prescribed. False, with a sentence in *error, for a form that is not known.
 */
bool endpoint_prescribed(char **path, char **error);

/* The socket in the home's broker.json, to be freed; NULL when there is none. It may be out of date. */
char *endpoint_recorded(const char *home);

#endif
