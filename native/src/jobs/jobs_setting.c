#include "jobs_setting.h"

#include "blank.h"
#include "duration.h"
#include "environment.h"
#include "file.h"
#include "path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USUAL_AGE_MS (30 * 60 * 1000)
#define LARGEST (1u << 20)
#define VARIABLE "MPX_JOBS_ORPHANS"

/* The next line, without its end and the white space around it; *at is NULL behind the last one. */
static struct slice next_line(const char **at)
{
    struct slice line = {.at = *at, .length = strcspn(*at, "\r\n")};
    const char *end = *at + line.length;
    *at = *end == '\0' ? NULL : end + 1;
    return blank_strip(line);
}

/* Without quotes, and without a comment behind it. */
static char *plain(struct slice value)
{
    value = blank_strip(value);
    bool is_quoted = value.length > 0 && (*value.at == '"' || *value.at == '\'');
    const char *end = is_quoted ? memchr(value.at + 1, *value.at, value.length - 1) : memchr(value.at, '#', value.length);
    const char *begin = value.at + (is_quoted ? 1 : 0);
    if (end == NULL) {
        end = value.at + value.length;
    }
    return slice_copy(blank_strip((struct slice){.at = begin, .length = (size_t) (end - begin)}));
}

/* To be freed; NULL when it is not there. */
static char *find(const char *text)
{
    bool is_ours = false;
    for (const char *at = text; at != NULL;) {
        struct slice line = next_line(&at);
        const char *equals = line.length > 0 ? memchr(line.at, '=', line.length) : NULL;
        if (line.length > 0 && *line.at == '[') {
            is_ours = line.length >= 6 && strncmp(line.at, "[jobs]", 6) == 0;
        } else if (equals != NULL) {
            struct slice name = blank_strip((struct slice){.at = line.at, .length = (size_t) (equals - line.at)});
            if (slice_is(name, is_ours ? "orphans" : "jobs.orphans")) {
                return plain((struct slice){.at = equals + 1, .length = line.length - (size_t) (equals + 1 - line.at)});
            }
        }
    }
    return NULL;
}

static char *find_in(const char *file)
{
    struct text text = {0};
    char *value = access(file, R_OK) == 0 && file_read(file, LARGEST, &text) ? find(text_chars(&text)) : NULL;
    text_free(&text);
    return value;
}

/* To be freed, like *where, which says where it stands; NULL when nobody has said anything. */
static char *find_in_variables(char **where)
{
    const char *value = getenv(VARIABLE);
    if (value == NULL || blank_is(value)) {
        return NULL;
    }
    *where = slice_copy(slice_of(VARIABLE));
    return slice_copy(slice_of(value));
}

/* In the order in which all settings count. */
static char *find_in_all(const char *home, char **where)
{
    struct environment environment;
    char *ignored = NULL;
    char *value = find_in_variables(where);
    if (value != NULL) {
        return value;
    }
    char *own = environment_read(&environment, &ignored) ? environment_in_home(&environment, ".config/mpx/mpx.toml") : NULL;
    if (own != NULL) {
        environment_free(&environment);
    }
    free(ignored);
    char *files[] = {own, slice_copy(slice_of("/etc/mpx/mpx.toml")), path_join(home, "mpx.toml")};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (value == NULL && files[i] != NULL && (value = find_in(files[i])) != NULL) {
            struct text place = {0};
            text_format(&place, "[jobs] orphans in %s", files[i]);
            *where = text_take(&place);
        }
        free(files[i]);
    }
    return value;
}

bool jobs_setting_orphans(const char *home, int64_t *age_ms, char **error)
{
    char *where = NULL;
    char *value = find_in_all(home, &where);
    *age_ms = USUAL_AGE_MS;
    bool good = value == NULL || duration_read(value, age_ms);
    if (!good) {
        struct text sentence = {0};
        text_format(&sentence, "%s is \"%s\" but must be a time such as 90s, 15m, 1h30m, or 0, and at most 24h.", where, value);
        *error = text_take(&sentence);
    }
    free(value);
    free(where);
    return good;
}
