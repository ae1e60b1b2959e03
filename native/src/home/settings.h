/* The machine's own settings, ~/.config/mpx/mpx.toml, else /etc/mpx/mpx.toml. Only the one key is read here, as in Java. */
#ifndef MPX_SETTINGS_H
#define MPX_SETTINGS_H

#include <stdbool.h>

/* *endpoint is the value of `endpoint`, to be freed, or NULL. False, with a sentence in *error, for one that makes no sense. */
bool settings_endpoint(char **endpoint, char **error);

#endif
