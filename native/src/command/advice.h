/* What helps, in words that can be pasted into a shell. */
#ifndef MPX_ADVICE_H
#define MPX_ADVICE_H

#include "server_options.h"
#include "text.h"

/*
 * An mpx command for the same server as these options mean. What they did not say stands in the home's record. `home` is
 * the home they lead to.
 */
void advice_add(struct text *text, const char *command, const struct server_options *options, const char *home);

#endif
