/* Bytes on their way: read at one end, written at the other, kept in one piece. */
#ifndef MPX_BUFFER_H
#define MPX_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/* A zeroed one is empty. `bytes + from` up to `bytes + to` is what it holds. */
struct buffer {
    char *bytes;
    size_t from;
    size_t to;
    size_t room;
    int64_t large_ms; /* when what it holds was last seen to need a large room; 0: not since it has one */
};

/*
 * Makes room for `more` bytes at bytes + to. What is held may move to the front: places in it are to be kept relative to
 * `from`.
 */
void buffer_reserve(struct buffer *buffer, size_t more);

size_t buffer_length(const struct buffer *buffer);

/* Drops bytes from the front. What memory a long line took is kept for the next one. */
void buffer_drop(struct buffer *buffer, size_t length);

/* Gives back what memory a long line took, once little has been in it for some time. What is held may move, as above. */
void buffer_slim(struct buffer *buffer, int64_t now);

/* When to do so, as things stand; INT64_MAX: there is no such time. */
int64_t buffer_slims_at(const struct buffer *buffer);

/* Cuts `length` bytes out, `at` bytes behind `from`. */
void buffer_cut(struct buffer *buffer, size_t at, size_t length);

/* Puts bytes in, `at` bytes behind `from`. */
void buffer_insert(struct buffer *buffer, size_t at, const char *bytes, size_t length);

#endif
