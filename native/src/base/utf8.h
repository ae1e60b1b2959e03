/* Well-formed UTF-8 (RFC 3629). */
#ifndef MPX_UTF8_H
#define MPX_UTF8_H

#include "text.h"

/* How many bytes from `at` on, below `end`, are one character; 0 if none are. */
size_t utf8_character(const char *at, const char *end);

bool utf8_is_valid(struct slice text);

#endif
