#include "endpoint.h"

#include "blank.h"
#include "environment.h"
#include "file.h"
#include "json_strict.h"
#include "path.h"
#include "settings.h"
#include "target.h"
#include "words.h"

#include <stdlib.h>

#define LARGEST_RECORD (1u << 20)

/* The socket's path, to be freed; NULL for a form that is not known. */
static char *parse(const char *endpoint)
{
    const char *path = word_after(endpoint, "unix:");
    if (path != NULL && word_after(path, "//") != NULL) {
        path += 2;
    }
    return path != NULL && *path == '/' ? path_clean(path) : NULL;
}

static bool parse_prescribed(const char *endpoint, char **path, char **error)
{
    *path = parse(endpoint);
    if (*path != NULL) {
        return true;
    }
    struct text sentence = {0};
    text_format(&sentence, "mpx can't connect to \"%s\": it knows endpoints of the form unix:/absolute/path only.", endpoint);
    *error = text_take(&sentence);
    return false;
}

bool endpoint_prescribed(char **path, char **error)
{
    *path = NULL;
    const char *named = getenv("MEMPALACE_BROKER");
    if (named != NULL && !blank_is(named)) {
        return parse_prescribed(named, path, error);
    }
    char *setting;
    if (!settings_endpoint(&setting, error)) {
        return false;
    }
    bool good = setting == NULL || parse_prescribed(setting, path, error);
    free(setting);
    return good;
}

/* Of all endpoints on record the first that is a socket in the file system. */
static char *first_socket(struct slice endpoints)
{
    struct slice element;
    for (size_t place = 0; json_element(endpoints, &place, &element);) {
        char *text = json_text(element);
        char *path = text != NULL && word_after(text, "unix:/") != NULL ? parse(text) : NULL;
        bool is_socket = text != NULL && word_after(text, "unix:/") != NULL;
        free(text);
        if (is_socket) {
            return path;
        }
    }
    return NULL;
}

char *endpoint_recorded(const char *home)
{
    char *file = path_in(home, "broker.json");
    struct text text = {0};
    struct slice json;
    struct slice value;
    long long pid;
    char *path = NULL;
    if (file_is_regular(file) && file_read(file, LARGEST_RECORD, &text)
        && json_strict_read((struct slice){.at = text_chars(&text), .length = text.length}, &json)
        && json_strict_member(json, "pid", &value) && json_integer(value, &pid)
        && json_strict_member(json, "endpoints", &value)) {
        path = first_socket(value);
    }
    text_free(&text);
    free(file);
    return path;
}
