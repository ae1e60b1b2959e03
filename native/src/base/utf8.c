#include "utf8.h"

static size_t bytes_announced(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    return first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Neither a longer form than needed, nor half a surrogate pair, nor above U+10FFFF. */
static bool is_in_range(unsigned char first, unsigned char second)
{
    return !(first == 0xe0 && second < 0xa0) && !(first == 0xed && second > 0x9f) && !(first == 0xf0 && second < 0x90)
        && !(first == 0xf4 && second > 0x8f);
}

size_t utf8_character(const char *at, const char *end)
{
    if (at >= end) {
        return 0;
    }
    size_t length = bytes_announced((unsigned char) *at);
    if (length == 0 || (size_t) (end - at) < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return length == 1 || is_in_range((unsigned char) at[0], (unsigned char) at[1]) ? length : 0;
}

bool utf8_is_valid(struct slice text)
{
    const char *end = text.at + text.length;
    for (const char *at = text.at; at < end;) {
        size_t length = utf8_character(at, end);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}
