#include "blank.h"

#include "utf8.h"

/* As Java's Character.isWhitespace; `at` begins a character of `length` bytes. */
static bool is_white(const char *at, size_t length)
{
    const unsigned char *byte = (const unsigned char *) at;
    if (length == 1) {
        return (byte[0] >= 0x09 && byte[0] <= 0x0d) || (byte[0] >= 0x1c && byte[0] <= 0x20);
    }
    if (length != 3) {
        return false;
    }
    unsigned code = (byte[0] & 0x0fu) << 12 | (byte[1] & 0x3fu) << 6 | (byte[2] & 0x3fu);
    return code == 0x1680 || (code >= 0x2000 && code <= 0x200a && code != 0x2007) || code == 0x2028 || code == 0x2029
        || code == 0x205f || code == 0x3000;
}

/* The last character of a text that is not empty; 1 byte where it is none. */
static size_t last_character(struct slice text)
{
    const char *end = text.at + text.length;
    for (size_t length = 1; length <= 4 && length <= text.length; length++) {
        if (utf8_character(end - length, end) == length) {
            return length;
        }
    }
    return 1;
}

struct slice blank_strip_end(struct slice text)
{
    while (text.length > 0) {
        size_t length = last_character(text);
        if (!is_white(text.at + text.length - length, length)) {
            break;
        }
        text.length -= length;
    }
    return text;
}

struct slice blank_strip(struct slice text)
{
    text = blank_strip_end(text);
    while (text.length > 0) {
        size_t length = utf8_character(text.at, text.at + text.length);
        if (length == 0 || !is_white(text.at, length)) {
            break;
        }
        text.at += length;
        text.length -= length;
    }
    return text;
}

bool blank_is(const char *text)
{
    return blank_strip(slice_of(text)).length == 0;
}
