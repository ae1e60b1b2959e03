#include "endpoint.h"

#include "blank.h"
#include "broker_file.h"
#include "path.h"
#include "settings.h"
#include "words.h"

#include <stdlib.h>

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
    bool is_known = word_after(endpoint, "tcp://") != NULL || word_after(endpoint, "ssh://") != NULL;
    text_format(&sentence, "mpx can't connect to \"%s\"%s", endpoint,
                is_known ? " from here yet; use an endpoint of the form unix:/path."
                         : ": an endpoint is unix:/absolute/path, tcp://HOST:PORT, or ssh://[USER@]HOST[:PORT][?home=/path].");
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
    struct text text;
    struct slice broker;
    struct slice endpoints;
    char *path = NULL;
    if (broker_file_read(home, &text, &broker) && json_strict_member(broker, "endpoints", &endpoints)) {
        path = first_socket(endpoints);
    }
    text_free(&text);
    return path;
}
