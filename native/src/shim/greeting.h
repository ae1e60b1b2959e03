/* The first words on a connection: who asks, and for which server. */
#ifndef MPX_GREETING_H
#define MPX_GREETING_H

#include "target.h"
#include "text.h"

#include <stdbool.h>

/* The `mpx/hello` request with its newline; see Java's `Hello`. */
void greeting_add(struct text *text, const struct target *target);

/* One that is not made of numbers and dots, such as "dev", is never newer or older. */
bool version_is_newer(const char *version, const char *than);

#endif
