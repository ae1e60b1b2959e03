/* A look into JSON that is all in memory, without building a tree: values are slices of the text they stand in. */
#ifndef MPX_JSON_H
#define MPX_JSON_H

#include "text.h"

#include <stdbool.h>

enum json_kind { JSON_NOTHING, JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

/*
 * The one value that `text` holds, blanks around it left out. False when its quotes and brackets don't match or it is
 * followed by something. Whether it is JSON in every detail is not looked at: that is the daemon's business.
 */
bool json_read(struct slice text, struct slice *value);

/* By the first character. */
enum json_kind json_kind(struct slice value);

/* The value of an object's first member of that name; false when there is none, or `object` is no object. */
bool json_member(struct slice object, const char *name, struct slice *value);

/* The same, down a path of names that ends with NULL. */
bool json_at(struct slice object, struct slice *value, ...) __attribute__((sentinel));

/* Goes through an array: begin with *place = 0; false at the end, or when it is no array. */
bool json_element(struct slice array, size_t *place, struct slice *element);

/* A string's characters, to be freed; NULL when it is no string, or holds a zero byte or what is no character. */
char *json_text(struct slice string);

/* The text of a member, to be freed; NULL when there is none. */
char *json_member_text(struct slice object, const char *name);

/* False when it is no integer that fits. */
bool json_integer(struct slice number, long long *out);

#endif
