#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return at;
}

/* Behind the colon of the member, or NULL. A string that is a value has no colon behind it. */
static const char *find_value(struct text line, const char *name)
{
    char quoted[64];
    size_t length = (size_t) snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *end = line.at + line.length;
    const char *at = line.at;
    while ((at = memmem(at, (size_t) (end - at), quoted, length)) != NULL) {
        at = skip_spaces(at + length, end);
        if (at < end && *at == ':') {
            return skip_spaces(at + 1, end);
        }
    }
    return NULL;
}

bool json_member_raw(struct text line, const char *name, struct text *value)
{
    const char *end = line.at + line.length;
    const char *from = find_value(line, name);
    if (from == NULL || from == end) {
        return false;
    }
    const char *to;
    if (*from == '"') {
        to = memchr(from + 1, '"', (size_t) (end - from - 1));
        if (to == NULL) {
            return false;
        }
        to++;
    } else {
        to = from;
        while (to < end && *to != ',' && *to != '}' && *to != ' ') {
            to++;
        }
    }
    *value = (struct text) {from, (size_t) (to - from)};
    return true;
}

bool json_member(struct text line, const char *name, struct text *value)
{
    if (!json_member_raw(line, name, value)) {
        return false;
    }
    if (*value->at == '"') {
        *value = (struct text) {value->at + 1, value->length - 2};
    }
    return true;
}

long json_number(struct text line, const char *name, long otherwise)
{
    struct text value;
    return json_member(line, name, &value) && value.length > 0 ? strtol(value.at, NULL, 10) : otherwise;
}
