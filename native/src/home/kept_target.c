#include "kept_target.h"

#include "file.h"
#include "path.h"
#include "search.h"
#include "server.h"
#include "server_record.h"
#include "text.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* A palace's program may have been installed another way since: then the one on PATH is meant. */
static void find_living_program(char **argv, const struct environment *environment)
{
    const char *name = strrchr(argv[0], '/');
    if (*argv[0] != '/' || strcmp(name + 1, PALACE_SERVER) != 0 || file_is_executable(argv[0])) {
        return;
    }
    char *error = NULL;
    char *other = search_palace_server(environment, &error);
    if (other != NULL) {
        free(argv[0]);
        argv[0] = other;
    }
    free(error);
}

bool kept_target_of(struct target *out, char *home, const struct environment *environment)
{
    struct text text;
    struct slice record;
    struct slice value;
    char **command = server_record_read(home, &text, &record) ? server_record_command(record) : NULL;
    if (command != NULL) {
        char *palace = json_strict_member(record, "palace", &value) ? json_text(value) : NULL;
        char *absolute = palace == NULL ? NULL : environment_absolute(environment, palace);
        *out = (struct target){.home = home, .argv = command};
        out->palace = absolute == NULL ? NULL : path_real(absolute);
        out->working_directory = slice_copy(slice_of(environment->working_directory));
        if (out->palace != NULL) {
            find_living_program(out->argv, environment);
        }
        free(absolute);
        free(palace);
    }
    text_free(&text);
    return command != NULL;
}

bool kept_target_find(struct target *out, const struct invocation *invocation, char **error)
{
    if (invocation->home == NULL || invocation->command != NULL || invocation->argument_count > 0) {
        return target_find(out, invocation, error);
    }
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return false;
    }
    char *home = target_home(invocation, error);
    bool is_kept = home != NULL && utf8_is_valid(slice_of(home)) && kept_target_of(out, home, &environment);
    environment_free(&environment);
    if (is_kept) {
        return true;
    }
    bool is_told = home == NULL;
    free(home);
    return !is_told && target_find(out, invocation, error);
}
