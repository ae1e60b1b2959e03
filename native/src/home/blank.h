/* White space by Java's rule, by which variables and settings are read on both sides. */
#ifndef MPX_BLANK_H
#define MPX_BLANK_H

#include "text.h"

/* Without the white space at both ends. */
struct slice blank_strip(struct slice text);

/* Without that at its end. */
struct slice blank_strip_end(struct slice text);

bool blank_is(const char *text);

#endif
