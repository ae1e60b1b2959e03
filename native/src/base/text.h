/* Bytes: a piece of somebody else's, and a text that grows. */
#ifndef MPX_TEXT_H
#define MPX_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Never owns what it points to. */
struct slice {
    const char *at;
    size_t length;
};

struct slice slice_of(const char *text);
bool slice_is(struct slice slice, const char *text);
bool slice_equals(struct slice one, struct slice other);
/* A copy that ends with a zero byte; to be freed. Ends the program when there is no memory, like all that allocates here. */
char *slice_copy(struct slice slice);

/* A zeroed one is empty; its bytes always end with a zero byte that is not counted, once something was added. */
struct text {
    char *bytes;
    size_t length;
    size_t room;
};

void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_slice(struct text *text, struct slice slice);
void text_add_number(struct text *text, long long number);
/* As a JSON string, in quotes; bytes that are not UTF-8 become U+FFFD. */
void text_add_json(struct text *text, const char *more);
/* As printf does. */
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_free(struct text *text);
/* What was written so far; "" for an empty one. Good until the next change. */
const char *text_chars(const struct text *text);
/* Hands the bytes over, to be freed, and empties the text. */
char *text_take(struct text *text);

/* As malloc and realloc do, but end the program (status 1, a line to stderr) when there is no memory. */
void *need(size_t size);
void *need_more(void *old, size_t size);

#endif
