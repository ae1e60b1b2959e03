#include "guest_target.h"

#include "environment.h"
#include "kept_target.h"
#include "path.h"
#include "shell_words.h"
#include "text.h"
#include "utf8.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define SUFFIX ".mpx"

/* Whether it is the one that is meant where nothing is said. False, with a sentence, when that can't be told. */
static bool is_default(bool *is, const char *home, const struct environment *environment, char **error)
{
    char *none[] = {NULL};
    struct invocation nothing = {.arguments = none};
    char *meant = target_home(&nothing, error);
    char *usual = environment_in_home(environment, ".mempalace");
    char *standard = path_real(usual);
    *is = meant != NULL && strcmp(home, standard) == 0 && strcmp(home, meant) == 0;
    bool good = meant != NULL;
    free(standard);
    free(usual);
    free(meant);
    return good;
}

static char *nobody_tells(const char *home)
{
    struct text sentence = {0};
    text_format(&sentence, "No daemon runs for %s, and nothing there says which server it shares. Start it on its own machine: mpx ensure --home ", home);
    shell_add_word(&sentence, home);
    text_add(&sentence, " -- COMMAND ARGS…");
    return text_take(&sentence);
}

/* The palace that the home is named after, <palace>.mpx; NULL for any other name. To be freed. */
static char *palace_by_name(const char *home)
{
    size_t suffix = sizeof SUFFIX - 1;
    size_t length = strlen(home);
    return length > suffix + 1 && strcmp(home + length - suffix, SUFFIX) == 0
        ? slice_copy((struct slice){.at = home, .length = length - suffix})
        : NULL;
}

static bool find_by_name(struct target *out, const char *home, const struct environment *environment, char **error)
{
    static char option[] = "--palace";
    bool is = false;
    if (!is_default(&is, home, environment, error)) {
        return false;
    }
    char *palace = is ? NULL : palace_by_name(home);
    if (!is && palace == NULL) {
        *error = nobody_tells(home);
        return false;
    }
    char *arguments[] = {palace == NULL ? NULL : option, palace, NULL};
    struct invocation named = {.home = home, .arguments = arguments, .argument_count = palace == NULL ? 0 : 2};
    bool found = target_find(out, &named, error);
    free(palace);
    return found;
}

static bool find(struct target *out, const struct invocation *invocation, const struct environment *environment, char **error)
{
    char *home = target_home(invocation, error);
    if (home == NULL) {
        return false;
    }
    bool found = false;
    if (!utf8_is_valid(slice_of(home))) { /* Java, which the daemon runs on, would read another name from it */
        struct text sentence = {0};
        text_format(&sentence, "mpx can't use \"%s\": names must be UTF-8.", home);
        *error = text_take(&sentence);
    } else if (kept_target_of(out, home, environment)) {
        return true;
    } else {
        found = find_by_name(out, home, environment, error);
    }
    free(home);
    return found;
}

bool guest_target_find(struct target *out, const struct invocation *invocation, char **error)
{
    if (invocation->home == NULL || invocation->command != NULL || invocation->argument_count > 0) {
        return target_find(out, invocation, error);
    }
    *out = (struct target){0};
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return false;
    }
    bool found = find(out, invocation, &environment, error);
    environment_free(&environment);
    return found;
}
