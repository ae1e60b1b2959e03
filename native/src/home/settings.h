/*
 * The machine's own settings, ~/.config/mpx/mpx.toml, else /etc/mpx/mpx.toml. Only these keys are read here, each by itself and
 * above all sections, as in Java's `MachineSettings`; what SSH is spoken by is this program's alone.
 */
#ifndef MPX_SETTINGS_H
#define MPX_SETTINGS_H

#include <stdbool.h>

enum setting { SETTING_ENDPOINT, SETTING_TOKEN, SETTING_OWNER, SETTING_SSH };

/* *value is to be freed, or NULL. False, with a sentence in *error (to be freed), for one that makes no sense. */
bool settings_find(enum setting setting, char **value, char **error);

#endif
