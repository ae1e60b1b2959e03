/* What an agent tells a hook on its standard input. */
#ifndef MPX_HOOK_INPUT_H
#define MPX_HOOK_INPUT_H

#include "text.h"

/* Reads standard input to its end or to that of an object of JSON, 1 MiB and 2 s at most; nothing from a terminal. */
void hook_input_read(struct text *out);

/* The session that it names, to be freed; NULL if it names none. */
char *hook_input_session(const struct text *input);

/*
 * A file in the home that holds it, from its beginning: nobody else can open it, and it is gone with its last descriptor. -1 with
 * errno when it can't be had. The home is there.
 */
int hook_input_file(const struct text *input, const char *home);

#endif
