#include "scan.h"

#include "json.h"

#include <stdlib.h>
#include <string.h>

/* Longer ones than this are none that the shim looks for. */
#define LONGEST_NAME 32
#define LONGEST_METHOD 64
/* All that is kept of open requests together; an id beyond that is not kept either. */
#define LONGEST_ID (1u << 20)

void scan_begin(struct scan *scan)
{
    struct text name = scan->name, id = scan->id, method = scan->method;
    name.length = id.length = method.length = 0;
    *scan = (struct scan){.name = name, .id = id, .method = method};
}

void scan_free(struct scan *scan)
{
    text_free(&scan->name);
    text_free(&scan->id);
    text_free(&scan->method);
}

/* Nothing that follows can change what this line is. */
static bool is_settled(const struct scan *scan)
{
    return scan->is_odd || scan->is_batch || scan->place == AT_END
           || (scan->has_id && (scan->has_method || scan->has_result || scan->has_error));
}

static void keep(struct text *text, size_t most, const char *bytes, size_t length)
{
    size_t fits = text->length < most ? most - text->length : 0;
    text_add_bytes(text, bytes, length < fits ? length : fits);
}

static void keep_value(struct scan *scan, const char *bytes, size_t length)
{
    if (scan->member == MEMBER_ID && !scan->has_id) {
        keep(&scan->id, LONGEST_ID, bytes, length);
    } else if (scan->member == MEMBER_METHOD && !scan->has_method) {
        keep(&scan->method, LONGEST_METHOD, bytes, length);
    }
}

static void end_value(struct scan *scan)
{
    if (scan->member == MEMBER_ID && !scan->has_id) {
        char first = scan->id.length > 0 ? scan->id.bytes[0] : ' ';
        /* null, true, an object: not an id to answer under */
        scan->has_id = first == '"' || first == '-' || (first >= '0' && first <= '9');
        if (!scan->has_id) {
            scan->id.length = 0;
        }
    } else if (scan->member == MEMBER_METHOD) {
        scan->has_method = true;
    } else if (scan->member == MEMBER_RESULT) {
        scan->has_result = true;
    } else if (scan->member == MEMBER_ERROR) {
        scan->has_error = true;
    }
    scan->place = AFTER_VALUE;
}

/* Whether what stands between two quotes means `text`. */
static bool means(struct slice raw, const char *text)
{
    if (raw.length == 0 || memchr(raw.at, '\\', raw.length) == NULL) {
        return slice_is(raw, text);
    }
    struct text quoted = {0};
    text_format(&quoted, "\"%.*s\"", (int) raw.length, raw.at);
    char *plain = json_text((struct slice){.at = quoted.bytes, .length = quoted.length});
    bool same = plain != NULL && strcmp(plain, text) == 0;
    free(plain);
    text_free(&quoted);
    return same;
}

static enum scan_member member_named(const struct text *name)
{
    static const struct {
        const char *name;
        enum scan_member member;
    } known[] = {
        {"id", MEMBER_ID}, {"method", MEMBER_METHOD}, {"result", MEMBER_RESULT}, {"error", MEMBER_ERROR}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (means((struct slice){.at = text_chars(name), .length = name->length}, known[i].name)) {
            return known[i].member;
        }
    }
    return MEMBER_OTHER;
}

/* How many bytes up to the next quote or backslash, or to the end. */
static size_t plain_run(const char *bytes, size_t length)
{
    size_t run = 0;
    while (run < length && bytes[run] != '"' && bytes[run] != '\\') {
        run++;
    }
    return run;
}

/* In a name or a string: takes what belongs to it. @return how many bytes were taken */
static size_t in_string(struct scan *scan, const char *bytes, size_t length, bool *closed)
{
    *closed = false;
    if (scan->escaped) {
        scan->escaped = false;
        return 1;
    }
    size_t run = plain_run(bytes, length);
    if (run == length) {
        return run;
    }
    scan->escaped = bytes[run] == '\\';
    *closed = bytes[run] == '"';
    return run + 1;
}

static size_t in_nest(struct scan *scan, const char *bytes, size_t length)
{
    if (scan->quoted) {
        bool closed;
        size_t taken = in_string(scan, bytes, length, &closed);
        scan->quoted = !closed;
        return taken;
    }
    size_t at = 0;
    while (at < length) {
        char c = bytes[at++];
        if (c == '"') {
            scan->quoted = true;
            break;
        }
        if (c == '{' || c == '[') {
            scan->depth++;
        } else if ((c == '}' || c == ']') && --scan->depth == 0) {
            end_value(scan);
            break;
        }
    }
    return at;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The first character of a value at the top level. */
static void begin_value(struct scan *scan, char c)
{
    /* What the answer is can be told from the name; waiting for the end of a long result would be for nothing. */
    scan->has_result = scan->has_result || scan->member == MEMBER_RESULT;
    scan->has_error = scan->has_error || scan->member == MEMBER_ERROR;
    if (c == '{' || c == '[') {
        scan->depth = 1;
        scan->place = IN_NEST;
    } else {
        keep_value(scan, &c, 1);
        scan->place = c == '"' ? IN_STRING : IN_PLAIN;
    }
}

/* One character outside of strings, nests and plain values. */
static void between(struct scan *scan, char c)
{
    if (is_blank(c)) {
        return;
    }
    if (scan->place == AT_START) {
        scan->is_batch = c == '[';
        scan->is_odd = c != '[' && c != '{';
        scan->place = AT_NAME;
    } else if (scan->place == AT_NAME) {
        scan->name.length = 0;
        scan->is_odd = c != '"' && c != '}';
        scan->place = c == '"' ? IN_NAME : AT_END;
    } else if (scan->place == AT_COLON) {
        scan->is_odd = c != ':';
        scan->place = AT_VALUE;
    } else if (scan->place == AT_VALUE) {
        begin_value(scan, c);
    } else if (scan->place == AFTER_VALUE) {
        scan->is_odd = c != ',' && c != '}';
        scan->place = c == ',' ? AT_NAME : AT_END;
    }
}

static size_t step(struct scan *scan, const char *bytes, size_t length)
{
    bool closed;
    size_t taken;
    switch (scan->place) {
    case IN_NAME:
        taken = in_string(scan, bytes, length, &closed);
        keep(&scan->name, LONGEST_NAME, bytes, closed ? taken - 1 : taken);
        if (closed) {
            scan->member = member_named(&scan->name);
            scan->place = AT_COLON;
        }
        return taken;
    case IN_STRING:
        taken = in_string(scan, bytes, length, &closed);
        keep_value(scan, bytes, taken);
        if (closed) {
            end_value(scan);
        }
        return taken;
    case IN_NEST:
        return in_nest(scan, bytes, length);
    case IN_PLAIN:
        if (*bytes == ',' || *bytes == '}' || is_blank(*bytes)) {
            end_value(scan);
            return 0;
        }
        keep_value(scan, bytes, 1);
        return 1;
    default:
        between(scan, *bytes);
        return 1;
    }
}

void scan_feed(struct scan *scan, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && !is_settled(scan)) {
        at += step(scan, bytes + at, length - at);
    }
}

enum line_kind scan_kind(const struct scan *scan)
{
    if (scan->place == AT_START) {
        return LINE_BLANK;
    }
    if (scan->is_batch) {
        return LINE_BATCH;
    }
    if (scan->has_method && !scan->is_odd) {
        return scan->has_id ? LINE_REQUEST : LINE_NOTIFICATION;
    }
    if (scan->has_id && (scan->has_result || scan->has_error)) {
        return scan->has_error ? LINE_ERROR : LINE_RESULT;
    }
    return LINE_ODD;
}

bool scan_method_is(const struct scan *scan, const char *method)
{
    return scan->has_method && scan->method.length >= 2
           && means((struct slice){.at = scan->method.bytes + 1, .length = scan->method.length - 2}, method);
}

struct slice scan_id(const struct scan *scan)
{
    return (struct slice){.at = text_chars(&scan->id), .length = scan->has_id ? scan->id.length : 0};
}
