#include "settings.h"

#include "blank.h"
#include "environment.h"
#include "file.h"
#include "text.h"
#include "utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGEST (16u << 20)

/* The next line without its end; *at is NULL behind the last one. */
static struct slice next_line(const char **at)
{
    struct slice line = {.at = *at, .length = strcspn(*at, "\r\n")};
    const char *end = *at + line.length;
    *at = *end == '\0' ? NULL : end[0] == '\r' && end[1] == '\n' ? end + 2 : end + 1;
    return line;
}

/* By enum setting. */
static const struct {
    const char *key;
    const char *example;
} settings[] = {
    {"endpoint", "unix:/path/of/socket"}, {"token", "0123…, 64 hexadecimal digits"}, {"owner", "here"}, {"ssh", "openssh"}};

static bool is_key(struct slice name, const char *key)
{
    name = blank_strip(name);
    if (name.length >= 2 && name.at[0] == '"' && name.at[name.length - 1] == '"') {
        name = (struct slice){.at = name.at + 1, .length = name.length - 2};
    }
    return slice_is(name, key);
}

/* A one-line basic or literal string without escapes, and nothing but a comment behind it; NULL for anything else. */
static char *string_in(struct slice value)
{
    value = blank_strip(value);
    if (value.length < 2 || (*value.at != '"' && *value.at != '\'') || memchr(value.at, '\\', value.length) != NULL) {
        return NULL;
    }
    const char *end = memchr(value.at + 1, *value.at, value.length - 1);
    if (end == NULL) {
        return NULL;
    }
    struct slice behind = blank_strip((struct slice){.at = end + 1, .length = value.length - (size_t) (end + 1 - value.at)});
    if (behind.length > 0 && *behind.at != '#') {
        return NULL;
    }
    return slice_copy((struct slice){.at = value.at + 1, .length = (size_t) (end - value.at - 1)});
}

static bool read_text(const char *file, const char *text, enum setting setting, char **value, char **error)
{
    for (const char *at = text; at != NULL;) {
        struct slice line = blank_strip(next_line(&at));
        if (line.length > 0 && *line.at == '[') {
            return true;
        }
        const char *equals = line.length > 0 ? memchr(line.at, '=', line.length) : NULL;
        if (equals == NULL || !is_key((struct slice){.at = line.at, .length = (size_t) (equals - line.at)},
                                      settings[setting].key)) {
            continue;
        }
        *value = string_in((struct slice){.at = equals + 1, .length = line.length - (size_t) (equals + 1 - line.at)});
        if (*value == NULL) {
            struct text sentence = {0};
            text_format(&sentence, "In %s, \"%s\" must be a string such as \"%s\".", file, settings[setting].key, settings[setting].example);
            *error = text_take(&sentence);
        }
        return *value != NULL;
    }
    return true;
}

static bool read_file(const char *file, enum setting setting, char **value, char **error)
{
    struct text text;
    if (access(file, R_OK) != 0) {
        return true;
    }
    bool is_read = file_read(file, LARGEST, &text);
    const char *why = is_read ? "they are not" : strerror(errno);
    bool good;
    if (is_read && utf8_is_valid((struct slice){.at = text_chars(&text), .length = text.length})) {
        good = read_text(file, text_chars(&text), setting, value, error);
    } else {
        struct text sentence = {0};
        text_format(&sentence, "mpx can't read its settings in %s (they must be UTF-8 text): %s", file, why);
        *error = text_take(&sentence);
        good = false;
    }
    text_free(&text);
    return good;
}

bool settings_find(enum setting setting, char **value, char **error)
{
    *value = NULL;
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return false;
    }
    char *own = environment_in_home(&environment, ".config/mpx/mpx.toml");
    bool good = read_file(own, setting, value, error);
    if (good && *value == NULL) {
        good = read_file("/etc/mpx/mpx.toml", setting, value, error);
    }
    free(own);
    environment_free(&environment);
    return good;
}
