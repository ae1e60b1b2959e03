#include "buffer.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

#define SMALLEST (16u << 10)
/* More room than this is not kept for long where so much would do: as it does for what waits for a slow reader (bounds.h). */
#define SMALL (256u << 10)
/* Getting memory anew costs as much as a copy: the next long line may come soon. */
#define KEPT_MS 250

size_t buffer_length(const struct buffer *buffer)
{
    return buffer->to - buffer->from;
}

void buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->room - buffer->to >= more && buffer->bytes != NULL) {
        return;
    }
    size_t length = buffer_length(buffer);
    if (buffer->from > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->from, length);
        buffer->from = 0;
        buffer->to = length;
    }
    if (buffer->room - buffer->to < more || buffer->bytes == NULL) {
        size_t room = buffer->room < SMALLEST ? SMALLEST : buffer->room;
        while (room < length + more) {
            room *= 2;
        }
        buffer->bytes = need_more(buffer->bytes, room);
        buffer->room = room;
    }
}

void buffer_drop(struct buffer *buffer, size_t length)
{
    buffer->from += length;
    if (buffer->from < buffer->to) {
        return;
    }
    buffer->from = 0;
    buffer->to = 0;
}

static bool is_loose(const struct buffer *buffer)
{
    return buffer->room > SMALL && buffer_length(buffer) <= SMALL;
}

static void shrink(struct buffer *buffer)
{
    size_t length = buffer_length(buffer);
    char *bytes = NULL;
    if (length > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->from, length);
        bytes = need_more(buffer->bytes, SMALL);
    } else {
        free(buffer->bytes);
    }
    *buffer = (struct buffer){.bytes = bytes, .to = length, .room = length > 0 ? SMALL : 0};
}

void buffer_slim(struct buffer *buffer, int64_t now)
{
    if (buffer->room <= SMALL) {
        return;
    }
    if (!is_loose(buffer) || buffer->large_ms == 0) {
        buffer->large_ms = now;
    } else if (now - buffer->large_ms >= KEPT_MS) {
        shrink(buffer);
    }
}

int64_t buffer_slims_at(const struct buffer *buffer)
{
    return is_loose(buffer) ? buffer->large_ms + KEPT_MS : INT64_MAX;
}

void buffer_cut(struct buffer *buffer, size_t at, size_t length)
{
    if (length == 0) {
        return;
    }
    char *gap = buffer->bytes + buffer->from + at;
    memmove(gap, gap + length, buffer_length(buffer) - at - length);
    buffer->to -= length;
    buffer_drop(buffer, 0);
}

void buffer_insert(struct buffer *buffer, size_t at, const char *bytes, size_t length)
{
    if (length == 0) {
        return;
    }
    buffer_reserve(buffer, length);
    char *place = buffer->bytes + buffer->from + at;
    memmove(place + length, place, buffer_length(buffer) - at);
    memcpy(place, bytes, length);
    buffer->to += length;
}
