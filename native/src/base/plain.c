#include "plain.h"

#include "utf8.h"

#include <stdint.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define ESCAPE '\x1b'

struct range {
    uint32_t first;
    uint32_t last;
};

/* Control characters, what changes the direction of writing, separators of lines, and characters that mean nothing to others. */
static const struct range harmful[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}, {0xe000, 0xf8ff},
    {0xf0000, 0xffffd}, {0x100000, 0x10fffd},
};

/* The others of Unicode's category Cf, and variation selectors: invisible, or they only join others to a picture. */
static const struct range invisible[] = {
    {0x00ad, 0x00ad}, {0x0600, 0x0605}, {0x06dd, 0x06dd}, {0x070f, 0x070f}, {0x0890, 0x0891}, {0x08e2, 0x08e2}, {0x180e, 0x180e},
    {0x200b, 0x200d}, {0x2060, 0x2064}, {0x206a, 0x206f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f},
    {0xe0100, 0xe01ef},
};

#define IS_ONE_OF(character, ranges) is_one_of(character, ranges, sizeof(ranges) / sizeof *(ranges))

static bool is_one_of(uint32_t character, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (character >= ranges[i].first && character <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* How long the sequence ESC [ digits and semicolons m is that begins here; 0 if none does. */
static size_t colour_at(const char *at, const char *end)
{
    const char *next = at + 2;
    if (end - at < 3 || at[0] != ESCAPE || at[1] != '[') {
        return 0;
    }
    while (next < end && ((*next >= '0' && *next <= '9') || *next == ';')) {
        next++;
    }
    return next < end && *next == 'm' ? (size_t) (next - at) + 1 : 0;
}

/* That of a character of so many bytes, which is known to be good. */
static uint32_t code_point(const unsigned char *at, size_t length)
{
    uint32_t point = length == 1 ? *at : *at & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        point = point << 6 | (at[i] & 0x3fu);
    }
    return point;
}

static void add_character(struct text *out, const char *at, size_t length)
{
    uint32_t point = code_point((const unsigned char *) at, length);
    if (point != '\n' && IS_ONE_OF(point, harmful)) {
        text_add(out, REPLACEMENT);
    } else if (!IS_ONE_OF(point, invisible)) {
        text_add_bytes(out, at, length);
    }
}

void plain_add(struct text *out, struct slice text, bool colours)
{
    const char *end = text.at + text.length;
    for (const char *at = text.at; at < end;) {
        size_t colour = colours ? colour_at(at, end) : 0;
        size_t length = colour > 0 ? colour : utf8_character(at, end);
        if (colour > 0) {
            text_add_bytes(out, at, length);
        } else if (length == 0) {
            text_add(out, REPLACEMENT);
        } else {
            add_character(out, at, length);
        }
        at += length == 0 ? 1 : length;
    }
}
