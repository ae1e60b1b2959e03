#include "target.h"

#include "environment.h"
#include "palace.h"
#include "path.h"
#include "server.h"
#include "text.h"
#include "utf8.h"
#include "whereabouts.h"
#include "words.h"

#include <stdlib.h>

static char *named_home(const struct invocation *invocation, const struct environment *environment)
{
    char *absolute = environment_absolute(environment, invocation->home);
    char *home = path_real(absolute);
    free(absolute);
    return home;
}

/* Java, which the daemon runs on, would read other names from such bytes, and look for its files there. */
static bool is_readable_for_java(const struct target *target, char **error)
{
    const char *first_bad = NULL;
    if (!utf8_is_valid(slice_of(target->home))) {
        first_bad = target->home;
    }
    if (target->palace != NULL && !utf8_is_valid(slice_of(target->palace))) {
        first_bad = target->palace;
    }
    for (size_t i = 0; target->argv[i] != NULL; i++) {
        if (!utf8_is_valid(slice_of(target->argv[i]))) {
            first_bad = target->argv[i];
        }
    }
    if (first_bad == NULL) {
        return true;
    }
    struct text sentence = {0};
    text_format(&sentence, "mpx can't use \"%s\": names must be UTF-8.", first_bad);
    *error = text_take(&sentence);
    return false;
}

static char *home_of_command(char *const *command, const struct environment *environment, char **error)
{
    struct server server;
    if (!server_of(&server, command, environment, error)) {
        return NULL;
    }
    char *home = server_home(&server, environment, error);
    server_free(&server);
    return home;
}

static char *home_of_arguments(char *const *arguments, const struct environment *environment, char **error)
{
    char *palace = palace_of(arguments, environment);
    char *home = home_of_palace(palace, environment, error);
    free(palace);
    return home;
}

static char *find_home(const struct invocation *invocation, const struct environment *environment, char **error)
{
    return invocation->home != NULL ? named_home(invocation, environment)
        : invocation->command != NULL ? home_of_command(invocation->command, environment, error)
                                      : home_of_arguments(invocation->arguments, environment, error);
}

/* In a container the daemon may be all that there is of it. Keeps the sentence in *error if it is not so. */
static bool find_elsewhere(struct server *out, const struct invocation *invocation, const struct environment *environment, char **error)
{
    char *worse = NULL;
    bool is = false;
    char *home = find_home(invocation, environment, &worse);
    if (home != NULL && whereabouts_are_elsewhere(&is, home, &worse) && is) {
        server_elsewhere(out, invocation->arguments, environment);
    }
    free(home);
    if (is || worse != NULL) {
        free(*error);
        *error = worse;
    }
    return is;
}

static bool find_server(struct server *out, const struct invocation *invocation, const struct environment *environment, char **error)
{
    return invocation->command != NULL ? server_of(out, invocation->command, environment, error)
                                       : server_standard(out, invocation->arguments, environment, error)
                || find_elsewhere(out, invocation, environment, error);
}

static bool find(struct target *out, const struct invocation *invocation, const struct environment *environment, char **error)
{
    struct server server;
    if (!find_server(&server, invocation, environment, error)) {
        return false;
    }
    out->argv = server.argv;
    out->palace = server.palace;
    out->working_directory = slice_copy(slice_of(environment->working_directory));
    out->home = invocation->home != NULL ? named_home(invocation, environment) : server_home(&server, environment, error);
    return out->home != NULL && is_readable_for_java(out, error);
}

bool target_find(struct target *out, const struct invocation *invocation, char **error)
{
    *out = (struct target){0};
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return false;
    }
    bool found = find(out, invocation, &environment, error);
    if (!found) {
        target_free(out);
    }
    environment_free(&environment);
    return found;
}

void target_free(struct target *target)
{
    free(target->home);
    free(target->palace);
    words_free(target->argv);
    free(target->working_directory);
    *target = (struct target){0};
}

char *target_home(const struct invocation *invocation, char **error)
{
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return NULL;
    }
    char *home = find_home(invocation, &environment, error);
    environment_free(&environment);
    return home;
}
