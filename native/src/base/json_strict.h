/*
 * Whether a text is JSON in every detail, for files whose meaning Java and Python must read alike: json.h looks for
 * members in what somebody else has checked, or will.
 */
#ifndef MPX_JSON_STRICT_H
#define MPX_JSON_STRICT_H

#include "json.h"

/* The one value that `text` holds. False when it is not exactly one value of RFC 8259, in valid UTF-8. */
bool json_strict_read(struct slice text, struct slice *value);

/* Of a value that json_strict_read gave: the last member of that name, which is the one that Java and Python take. */
bool json_strict_member(struct slice object, const char *name, struct slice *value);

#endif
