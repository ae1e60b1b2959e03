#include "plain.h"

#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define ESCAPE '\x1b'

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

/* U+0000..1F but the newline, U+007F..9F, U+061C, U+200E..F, U+2028..E, U+2066..9. */
static bool is_harmful(const unsigned char *at, size_t length)
{
    switch (length) {
    case 1:
        return (*at < ' ' && *at != '\n') || *at == 0x7f;
    case 2:
        return (at[0] == 0xc2 && at[1] < 0xa0) || (at[0] == 0xd8 && at[1] == 0x9c);
    case 3:
        return at[0] == 0xe2
            && ((at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae)))
                || (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9));
    default:
        return false;
    }
}

void plain_add(struct text *out, struct slice text, bool colours)
{
    const char *end = text.at + text.length;
    for (const char *at = text.at; at < end;) {
        size_t colour = colours ? colour_at(at, end) : 0;
        size_t length = colour > 0 ? colour : utf8_character(at, end);
        if (length == 0 || (colour == 0 && is_harmful((const unsigned char *) at, length))) {
            text_add(out, REPLACEMENT);
        } else {
            text_add_bytes(out, at, length);
        }
        at += length == 0 ? 1 : length;
    }
}
