/* Bytes on their way: read at one end, written at the other, kept in one piece. */
#ifndef MPX_BUFFER_H
#define MPX_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed one is empty. `bytes + from` up to `bytes + to` is what it holds. */
struct buffer {
    char *bytes;
    size_t from;
    size_t to;
    size_t room;
};

/*
 * Makes room for `more` bytes at bytes + to. What is held may move to the front: places in it are to be kept relative to
 * `from`.
 */
void buffer_reserve(struct buffer *buffer, size_t more);

size_t buffer_length(const struct buffer *buffer);

/* Drops bytes from the front. What memory a long line took is kept for the next one. */
void buffer_drop(struct buffer *buffer, size_t length);

/* Whether it holds nothing, in memory that a long line took. */
bool buffer_idles(const struct buffer *buffer);

/* Gives that memory back. */
void buffer_slim(struct buffer *buffer);

/* Cuts `length` bytes out, `at` bytes behind `from`. */
void buffer_cut(struct buffer *buffer, size_t at, size_t length);

/* Puts bytes in, `at` bytes behind `from`. */
void buffer_insert(struct buffer *buffer, size_t at, const char *bytes, size_t length);

#endif
