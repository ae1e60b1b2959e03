/* What others have written, made harmless for a terminal; Java's `Plain`, which this is the second line of defence behind. */
#ifndef MPX_PLAIN_H
#define MPX_PLAIN_H

#include "text.h"

/*
 * Control characters other than the newline, what changes the direction of writing, characters of private use, and what is no
 * UTF-8 become U+FFFD; what is invisible is left out. With `colours`, escape sequences that only choose colours pass. Unlike Java's
 * it does not know which characters Unicode has not assigned.
 */
void plain_add(struct text *out, struct slice text, bool colours);

#endif
