#include "json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than any message; what is deeper counts as not JSON. */
#define DEEPEST 1000

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at)) {
        at++;
    }
    return at;
}

/* `at` stands on the opening quote. @return behind the closing one, or NULL */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '\\') {
            at++;
        } else if (*at == '"') {
            return at + 1;
        }
    }
    return NULL;
}

/* Behind the value that begins at `at`, or NULL. */
static const char *skip_value(const char *at, const char *end)
{
    if (at == end) {
        return NULL;
    }
    if (*at == '"') {
        return skip_string(at, end);
    }
    if (*at == '{' || *at == '[') {
        char closing[DEEPEST];
        size_t depth = 0;
        while (at < end) {
            char c = *at;
            if (c == '"') {
                at = skip_string(at, end);
                if (at == NULL) {
                    return NULL;
                }
                continue;
            }
            if (c == '{' || c == '[') {
                if (depth == DEEPEST) {
                    return NULL;
                }
                closing[depth++] = c == '{' ? '}' : ']';
            } else if (c == '}' || c == ']') {
                if (closing[--depth] != c) {
                    return NULL;
                }
                if (depth == 0) {
                    return at + 1;
                }
            }
            at++;
        }
        return NULL;
    }
    const char *from = at;
    while (at < end && !is_blank(*at) && strchr(",:]}\"[{", *at) == NULL) {
        at++;
    }
    return at > from ? at : NULL;
}

bool json_read(struct slice text, struct slice *value)
{
    const char *end = text.at + text.length;
    const char *from = skip_blanks(text.at, end);
    const char *to = skip_value(from, end);
    if (to == NULL || skip_blanks(to, end) != end) {
        return false;
    }
    *value = (struct slice){.at = from, .length = (size_t) (to - from)};
    return true;
}

enum json_kind json_kind(struct slice value)
{
    switch (value.length > 0 ? value.at[0] : ' ') {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case 'n':
        return JSON_NULL;
    case '-':
        return JSON_NUMBER;
    default:
        return value.length > 0 && value.at[0] >= '0' && value.at[0] <= '9' ? JSON_NUMBER : JSON_NOTHING;
    }
}

/* Whether a name as it stands in the text, quotes included, is this one. */
static bool is_name(const char *from, const char *to, const char *name)
{
    size_t length = (size_t) (to - from) - 2;
    if (memchr(from + 1, '\\', length) == NULL) {
        return length == strlen(name) && memcmp(from + 1, name, length) == 0;
    }
    char *plain = json_text((struct slice){.at = from, .length = length + 2});
    bool same = plain != NULL && strcmp(plain, name) == 0;
    free(plain);
    return same;
}

bool json_member(struct slice object, const char *name, struct slice *value)
{
    if (json_kind(object) != JSON_OBJECT) {
        return false;
    }
    const char *end = object.at + object.length;
    const char *at = skip_blanks(object.at + 1, end);
    while (at < end && *at == '"') {
        const char *after_name = skip_string(at, end);
        if (after_name == NULL) {
            return false;
        }
        bool wanted = is_name(at, after_name, name);
        at = skip_blanks(after_name, end);
        if (at == end || *at != ':') {
            return false;
        }
        const char *from = skip_blanks(at + 1, end);
        const char *to = skip_value(from, end);
        if (to == NULL) {
            return false;
        }
        if (wanted) {
            *value = (struct slice){.at = from, .length = (size_t) (to - from)};
            return true;
        }
        at = skip_blanks(to, end);
        if (at < end && *at == ',') {
            at = skip_blanks(at + 1, end);
        }
    }
    return false;
}

bool json_at(struct slice object, struct slice *value, ...)
{
    va_list names;
    va_start(names, value);
    bool found = true;
    struct slice here = object;
    for (const char *name = va_arg(names, const char *); found && name != NULL; name = va_arg(names, const char *)) {
        found = json_member(here, name, &here);
    }
    va_end(names);
    if (found) {
        *value = here;
    }
    return found;
}

bool json_element(struct slice array, size_t *place, struct slice *element)
{
    if (json_kind(array) != JSON_ARRAY) {
        return false;
    }
    const char *end = array.at + array.length;
    const char *from = skip_blanks(array.at + (*place == 0 ? 1 : *place), end);
    if (from < end && *from == ',' && *place > 0) {
        from = skip_blanks(from + 1, end);
    }
    if (from >= end || *from == ']') {
        return false;
    }
    const char *to = skip_value(from, end);
    if (to == NULL) {
        return false;
    }
    *element = (struct slice){.at = from, .length = (size_t) (to - from)};
    *place = (size_t) (to - array.at);
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u, or -1. */
static long unit(const char *at, const char *end)
{
    long value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = at + i < end ? hex_digit(at[i]) : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static char *put_character(char *out, unsigned long code)
{
    if (code < 0x80) {
        *out++ = (char) code;
    } else if (code < 0x800) {
        *out++ = (char) (0xc0 | code >> 6);
        *out++ = (char) (0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *out++ = (char) (0xe0 | code >> 12);
        *out++ = (char) (0x80 | (code >> 6 & 0x3f));
        *out++ = (char) (0x80 | (code & 0x3f));
    } else {
        *out++ = (char) (0xf0 | code >> 18);
        *out++ = (char) (0x80 | (code >> 12 & 0x3f));
        *out++ = (char) (0x80 | (code >> 6 & 0x3f));
        *out++ = (char) (0x80 | (code & 0x3f));
    }
    return out;
}

/* What stands behind a backslash. @return behind it, or NULL */
static const char *unescape(const char *at, const char *end, char **out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    if (at == end || *at == '\0') {
        return NULL;
    }
    const char *plain = strchr(names, *at);
    if (plain != NULL) {
        *(*out)++ = meant[plain - names];
        return at + 1;
    }
    long code = *at == 'u' ? unit(at + 1, end) : -1;
    if (code <= 0 || (code >= 0xdc00 && code <= 0xdfff)) {
        return NULL;
    }
    at += 5;
    if (code >= 0xd800 && code <= 0xdbff) {
        long low = end - at >= 6 && at[0] == '\\' && at[1] == 'u' ? unit(at + 2, end) : -1;
        if (low < 0xdc00 || low > 0xdfff) {
            return NULL;
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    *out = put_character(*out, (unsigned long) code);
    return at;
}

char *json_text(struct slice string)
{
    if (json_kind(string) != JSON_STRING || string.length < 2 || string.at[string.length - 1] != '"') {
        return NULL;
    }
    const char *end = string.at + string.length - 1;
    char *text = need(string.length); /* no escape is longer than what it stands for */
    char *out = text;
    const char *at = string.at + 1;
    while (at != NULL && at < end) {
        if (*at == '\\') {
            at = unescape(at + 1, end, &out);
        } else if (*at == '\0' || *at == '"') {
            at = NULL;
        } else {
            *out++ = *at++;
        }
    }
    if (at == NULL) {
        free(text);
        return NULL;
    }
    *out = '\0';
    return text;
}

char *json_member_text(struct slice object, const char *name)
{
    struct slice value;
    return json_member(object, name, &value) ? json_text(value) : NULL;
}

bool json_integer(struct slice number, long long *out)
{
    char digits[24];
    if (json_kind(number) != JSON_NUMBER || number.length >= sizeof digits) {
        return false;
    }
    memcpy(digits, number.at, number.length);
    digits[number.length] = '\0';
    char *end;
    errno = 0;
    *out = strtoll(digits, &end, 10);
    return errno == 0 && *end == '\0' && end > digits;
}
