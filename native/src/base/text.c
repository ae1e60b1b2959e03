#include "text.h"

#include "utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
    if (memory == NULL) {
        fputs("mpx: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

void *need(size_t size)
{
    return or_end(calloc(1, size > 0 ? size : 1));
}

void *need_more(void *old, size_t size)
{
    return or_end(realloc(old, size > 0 ? size : 1));
}

struct slice slice_of(const char *text)
{
    return (struct slice){.at = text, .length = strlen(text)};
}

bool slice_equals(struct slice one, struct slice other)
{
    return one.length == other.length && (one.length == 0 || memcmp(one.at, other.at, one.length) == 0);
}

bool slice_is(struct slice slice, const char *text)
{
    return slice_equals(slice, slice_of(text));
}

char *slice_copy(struct slice slice)
{
    char *copy = need(slice.length + 1);
    if (slice.length > 0) {
        memcpy(copy, slice.at, slice.length);
    }
    return copy;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length + 1 > text->room) {
        size_t room = text->room < 64 ? 64 : text->room;
        while (room < text->length + length + 1) {
            room *= 2;
        }
        text->bytes = need_more(text->bytes, room);
        text->room = room;
    }
    if (length > 0) {
        memcpy(text->bytes + text->length, bytes, length);
    }
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
    text_add_bytes(text, more, strlen(more));
}

void text_add_slice(struct text *text, struct slice slice)
{
    text_add_bytes(text, slice.at, slice.length);
}

void text_add_number(struct text *text, long long number)
{
    text_format(text, "%lld", number);
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        char *line = need((size_t) length + 1);
        vsnprintf(line, (size_t) length + 1, format, again);
        text_add_bytes(text, line, (size_t) length);
        free(line);
    }
    va_end(again);
}

void text_add_json(struct text *text, const char *more)
{
    text_add(text, "\"");
    const char *end = more + strlen(more);
    for (const char *at = more; at < end;) {
        size_t length = utf8_character(at, end);
        if (length == 0) {
            text_add(text, "\\ufffd");
            length = 1;
        } else if (*at == '"' || *at == '\\') {
            text_format(text, "\\%c", *at);
        } else if ((unsigned char) *at < ' ') {
            text_format(text, "\\u%04x", (unsigned) *at);
        } else {
            text_add_bytes(text, at, length);
        }
        at += length;
    }
    text_add(text, "\"");
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

const char *text_chars(const struct text *text)
{
    return text->bytes == NULL ? "" : text->bytes;
}

char *text_take(struct text *text)
{
    char *bytes = text->bytes == NULL ? need(1) : text->bytes;
    *text = (struct text){0};
    return bytes;
}
