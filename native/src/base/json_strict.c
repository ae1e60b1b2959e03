#include "json_strict.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* As deep as Java's scanner goes. */
#define DEEPEST 1000

/* Steps over a text; a step returns false where the grammar ends. */
struct scan {
    const char *at;
    const char *end;
};

static char peek(struct scan *scan)
{
    while (scan->at < scan->end && *scan->at != '\0' && strchr(" \t\n\r", *scan->at) != NULL) {
        scan->at++;
    }
    return scan->at < scan->end ? *scan->at : '\0';
}

static bool take(struct scan *scan, char expected)
{
    if (peek(scan) != expected || scan->at == scan->end) {
        return false;
    }
    scan->at++;
    return true;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool skip_escape(struct scan *scan)
{
    char kind = scan->end - scan->at >= 2 ? scan->at[1] : '\0';
    if (kind == 'u') {
        if (scan->end - scan->at < 6) {
            return false;
        }
        for (int i = 2; i < 6; i++) {
            if (!is_hex(scan->at[i])) {
                return false;
            }
        }
        scan->at += 6;
        return true;
    }
    scan->at += 2;
    return kind != '\0' && strchr("\"\\/bfnrt", kind) != NULL;
}

/* Stands on the opening quote. */
static bool skip_string(struct scan *scan)
{
    scan->at++;
    while (scan->at < scan->end) {
        if (*scan->at == '"') {
            scan->at++;
            return true;
        }
        if (*scan->at == '\\') {
            if (!skip_escape(scan)) {
                return false;
            }
            continue;
        }
        size_t length = (unsigned char) *scan->at < ' ' ? 0 : utf8_character(scan->at, scan->end);
        if (length == 0) {
            return false;
        }
        scan->at += length;
    }
    return false;
}

static bool skip_digits(struct scan *scan)
{
    const char *from = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
        scan->at++;
    }
    return scan->at > from;
}

static bool next_is(const struct scan *scan, const char *any)
{
    return scan->at < scan->end && *scan->at != '\0' && strchr(any, *scan->at) != NULL;
}

static bool skip_number(struct scan *scan)
{
    if (next_is(scan, "-")) {
        scan->at++;
    }
    if (next_is(scan, "0")) {
        scan->at++;
    } else if (!skip_digits(scan)) {
        return false;
    }
    if (next_is(scan, ".")) {
        scan->at++;
        if (!skip_digits(scan)) {
            return false;
        }
    }
    if (next_is(scan, "eE")) {
        scan->at++;
        if (next_is(scan, "+-")) {
            scan->at++;
        }
        return skip_digits(scan);
    }
    return true;
}

static bool skip_word(struct scan *scan, const char *word)
{
    size_t length = strlen(word);
    if ((size_t) (scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0) {
        return false;
    }
    scan->at += length;
    return true;
}

static bool skip_scalar(struct scan *scan, char first)
{
    switch (first) {
    case '"':
        return skip_string(scan);
    case 't':
        return skip_word(scan, "true");
    case 'f':
        return skip_word(scan, "false");
    case 'n':
        return skip_word(scan, "null");
    default:
        return skip_number(scan);
    }
}

static bool skip_name(struct scan *scan)
{
    return peek(scan) == '"' && skip_string(scan) && take(scan, ':');
}

/* After a value: closes what ends with it, up to the next comma. False for what must not stand there. */
static bool after_value(struct scan *scan, const char *closing, size_t *depth)
{
    while (*depth > 0) {
        char next = peek(scan);
        if (next == ',') {
            scan->at++;
            return closing[*depth - 1] == ']' || skip_name(scan);
        }
        if (next != closing[*depth - 1]) {
            return false;
        }
        scan->at++;
        --*depth;
    }
    return true;
}

static bool skip_value(struct scan *scan)
{
    char closing[DEEPEST];
    size_t depth = 0;
    do {
        char first = peek(scan);
        if (first == '{' || first == '[') {
            char last = first == '{' ? '}' : ']';
            if (depth == DEEPEST) {
                return false;
            }
            scan->at++;
            if (peek(scan) != last) {
                closing[depth++] = last;
                if (first == '{' && !skip_name(scan)) {
                    return false;
                }
                continue;
            }
            scan->at++;
        } else if (!skip_scalar(scan, first)) {
            return false;
        }
        if (!after_value(scan, closing, &depth)) {
            return false;
        }
    } while (depth > 0);
    return true;
}

bool json_strict_read(struct slice text, struct slice *value)
{
    struct scan scan = {.at = text.at, .end = text.at + text.length};
    peek(&scan);
    const char *from = scan.at;
    if (!skip_value(&scan)) {
        return false;
    }
    const char *to = scan.at;
    peek(&scan);
    if (scan.at != scan.end) {
        return false;
    }
    *value = (struct slice){.at = from, .length = (size_t) (to - from)};
    return true;
}

static bool is_name(struct slice quoted, const char *name)
{
    char *plain = json_text(quoted);
    bool same = plain != NULL && strcmp(plain, name) == 0;
    free(plain);
    return same;
}

bool json_strict_member(struct slice object, const char *name, struct slice *value)
{
    bool found = false;
    if (json_kind(object) != JSON_OBJECT) {
        return false;
    }
    struct scan scan = {.at = object.at + 1, .end = object.at + object.length};
    while (peek(&scan) == '"') {
        const char *from = scan.at;
        if (!skip_string(&scan)) {
            return false;
        }
        bool wanted = is_name((struct slice){.at = from, .length = (size_t) (scan.at - from)}, name);
        take(&scan, ':');
        peek(&scan);
        from = scan.at;
        if (!skip_value(&scan)) {
            return false;
        }
        if (wanted) {
            *value = (struct slice){.at = from, .length = (size_t) (scan.at - from)};
            found = true;
        }
        take(&scan, ',');
    }
    return found;
}
