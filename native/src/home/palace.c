#include "palace.h"

#include "file.h"
#include "json_strict.h"
#include "path.h"
#include "text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define OPTION "--palace"
#define LARGEST_CONFIG (16u << 20)

/* The value of the last --palace, which is the one that counts; "" if there is none. */
static const char *option(char *const *arguments)
{
    const char *value = "";
    for (; *arguments != NULL; arguments++) {
        const char *joined = word_after(*arguments, OPTION "=");
        if (strcmp(*arguments, OPTION) == 0 && arguments[1] != NULL) {
            value = *++arguments;
        } else if (joined != NULL) {
            value = joined;
        }
    }
    return value;
}

bool palace_is_named(char *const *arguments)
{
    return *option(arguments) != '\0';
}

static char *legacy_directory(const struct environment *environment)
{
    return environment_in_home(environment, ".mempalace");
}

static char *xdg_directory(const struct environment *environment)
{
    const char *named = environment_get(environment, "XDG_CONFIG_HOME");
    char *base = named != NULL && (*named == '/' || word_after(named, "~/") != NULL || strcmp(named, "~") == 0)
        ? environment_expanded(environment, named)
        : environment_in_home(environment, ".config");
    char *directory = path_join(base, "mempalace");
    free(base);
    return directory;
}

static bool holds_file(const char *directory, const char *name)
{
    char *file = path_join(directory, name);
    bool holds = file_is_regular(file);
    free(file);
    return holds;
}

static bool is_in_use(const char *legacy)
{
    return holds_file(legacy, "config.json") || holds_file(legacy, "people_map.json") || holds_file(legacy, "palace/chroma.sqlite3");
}

static char *config_directory(const struct environment *environment)
{
    const char *named = environment_get(environment, "MEMPALACE_CONFIG_DIR");
    if (named != NULL) {
        return environment_expanded(environment, named);
    }
    char *legacy = legacy_directory(environment);
    if (is_in_use(legacy)) {
        return legacy;
    }
    free(legacy);
    return xdg_directory(environment);
}

/* The `palace_path` in a configuration, to be freed; NULL where there is none, or nothing that makes sense. */
static char *configured(const char *directory)
{
    char *file = path_join(directory, "config.json");
    struct text text = {0};
    struct slice json;
    struct slice value;
    char *path = NULL;
    /* What can't be read counts as none for the server too. */
    if (file_is_regular(file) && file_read(file, LARGEST_CONFIG, &text)
        && json_strict_read((struct slice){.at = text_chars(&text), .length = text.length}, &json)
        && json_strict_member(json, "palace_path", &value)) {
        path = json_text(value);
    }
    text_free(&text);
    free(file);
    if (path != NULL && *path == '\0') {
        free(path);
        return NULL;
    }
    return path;
}

/* Whether a real path is the one that newer servers make their default as long as nothing marks ~/.mempalace as in use. */
static bool is_default_to_be(const char *real, const struct environment *environment)
{
    char *legacy = legacy_directory(environment);
    bool in_use = environment_get(environment, "MEMPALACE_CONFIG_DIR") != NULL || is_in_use(legacy);
    free(legacy);
    if (in_use) {
        return false;
    }
    char *xdg = xdg_directory(environment);
    char *palace = path_join(xdg, "palace");
    char *real_palace = path_real(palace);
    bool is = strcmp(real, real_palace) == 0;
    free(real_palace);
    free(palace);
    free(xdg);
    return is;
}

/*
 * Where nothing marks ~/.mempalace as in use, servers before 3.8 open ~/.mempalace/palace and later ones
 * ~/.config/mempalace/palace. mpx can't tell which one it has, and either becomes "the default" the moment it is made, so
 * until then both names count as one palace: better one server too few than two writers. Takes the path over.
 */
static char *fold(char *path, const struct environment *environment)
{
    char *real = path_real(path);
    free(path);
    if (is_default_to_be(real, environment)) {
        free(real);
        return palace_standard(environment);
    }
    return real;
}

/* The same; the path is made absolute as the server does it, without a look at the file system: ".." goes before links. */
static char *fold_normal(char *path, const struct environment *environment)
{
    char *normal = path_normal(path);
    free(path);
    return fold(normal, environment);
}

char *palace_of(char *const *arguments, const struct environment *environment)
{
    const char *named = option(arguments);
    if (*named != '\0') {
        return fold_normal(environment_absolute(environment, named), environment);
    }
    for (size_t i = 0; i < PALACE_VARIABLES; i++) {
        const char *value = environment_get(environment, palace_variables[i]);
        if (value != NULL) {
            return fold_normal(environment_expanded(environment, value), environment);
        }
    }
    char *directory = config_directory(environment);
    char *path = configured(directory);
    char *palace = path != NULL ? environment_expanded(environment, path) : path_join(directory, "palace");
    free(path);
    free(directory);
    return fold(palace, environment);
}

char *palace_standard(const struct environment *environment)
{
    char *path = environment_in_home(environment, ".mempalace/palace");
    char *palace = path_real(path);
    free(path);
    return palace;
}

/* NULL when there is nothing to change. */
static char *made_absolute(const char *value, const struct environment *environment)
{
    if (*value == '\0' || *value == '/') {
        return NULL;
    }
    char *absolute = environment_absolute(environment, value);
    char *normal = path_normal(absolute);
    free(absolute);
    return normal;
}

void palace_make_option_absolute(char **arguments, const struct environment *environment)
{
    for (size_t i = 0; arguments[i] != NULL; i++) {
        const char *joined = word_after(arguments[i], OPTION "=");
        if (strcmp(arguments[i], OPTION) == 0 && arguments[i + 1] != NULL) {
            i++;
            char *absolute = made_absolute(arguments[i], environment);
            if (absolute != NULL) {
                words_put(arguments, i, absolute);
            }
        } else if (joined != NULL) {
            char *absolute = made_absolute(joined, environment);
            if (absolute != NULL) {
                struct text option_text = {0};
                text_format(&option_text, OPTION "=%s", absolute);
                words_put(arguments, i, text_take(&option_text));
                free(absolute);
            }
        }
    }
}
