/* The service that keeps a home's daemon, and the command that replaces that: Java's dev.mpx.proxy.home.Unit, once more. */
#ifndef MPX_UNIT_H
#define MPX_UNIT_H

#include "text.h"

#include <stdbool.h>

/* The unit or label that the home's latest daemon was started by, to be freed; NULL if it was by none. */
char *unit_of(const char *home);

/* The command that replaces the home's daemon: its service's own, or "mpx restart" with the home, whose record names the server. */
void unit_add_restart(struct text *text, const char *home);

/* Where the home's daemon says what happens: its own log, and for what one of systemd's has printed, the journal. */
void unit_add_log(struct text *text, const char *home);

/* The command that shows that journal, and true; false where there is none. */
bool unit_add_journal(struct text *text, const char *home);

/* " It is kept by UNIT; this starts it again: …", or nothing. */
void unit_add_hint(struct text *text, const char *home);

#endif
