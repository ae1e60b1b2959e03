#include "ownership.h"

#include "blank.h"
#include "environment.h"
#include "mount.h"
#include "palace.h"
#include "path.h"
#include "server.h"
#include "settings.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define HERE "here"

bool ownership_is_allowed(bool *is, char **error)
{
    const char *said = getenv("MPX_OWNER");
    char *setting = NULL;
    if (said == NULL || blank_is(said)) {
        if (!settings_find(SETTING_OWNER, &setting, error)) {
            return false;
        }
        said = setting;
    }
    *is = said != NULL;
    bool means_something = said == NULL || strcmp(said, HERE) == 0;
    if (!means_something) {
        struct text sentence = {0};
        text_format(&sentence, "MPX_OWNER (or \"owner\" in mpx.toml) is \"%s\", and may only be \"" HERE "\".", said);
        *error = text_take(&sentence);
    }
    free(setting);
    return means_something;
}

static char *refusal(const char *directory, const struct mount *mount)
{
    struct text sentence = {0};
    char *told = mount_text(mount);
    text_format(&sentence,
                "mpx starts no server here: %s lies on a mount (%s) that another machine, or its host, may see"
                " too. Locks and sockets don't reach across it, so a second server there would corrupt the data. Let the daemon run"
                " where the files are (\"mpx ensure\" on the host) and say how to reach it, as MEMPALACE_BROKER or as endpoint in"
                " ~/.config/mpx/mpx.toml here: ssh://USER@HOST, unix:/path of a forwarded socket, or tcp://HOST:PORT with a token."
                " If nobody else ever uses these files, MPX_OWNER=here lets this machine own them (docs/boundary.md says what that"
                " can't promise).",
                directory, told);
    free(told);
    return text_take(&sentence);
}

/* *shared becomes whether it lies on a shared mount. False if it does, and may not be owned. */
static bool check(const char *directory, bool *shared, char **error)
{
    struct mount mount;
    bool allowed = true;
    char *real = path_real(directory);
    *shared = mount_find(&mount, real) && mount_may_be_shared(&mount);
    bool good = !*shared || ownership_is_allowed(&allowed, error);
    if (good && !allowed) {
        *error = refusal(directory, &mount);
        good = false;
    }
    mount_free(&mount);
    free(real);
    return good;
}

/* Of the server's knowledge graph, which moves along with --palace; NULL where it lies in the palace. */
static char *graph_directory(const struct target *target, const struct environment *environment)
{
    if (palace_is_named(target->argv + server_end_of_palace(target->argv))) {
        return NULL;
    }
    char *path = environment_in_home(environment, ".mempalace");
    char *real = path_real(path);
    free(path);
    return real;
}

bool ownership_check(const struct target *target, char **error)
{
    struct environment environment;
    bool shared;
    if (!environment_read(&environment, error)) {
        return false;
    }
    bool good = check(target->home, &shared, error);
    if (good && !shared && target->palace != NULL) {
        char *graph = graph_directory(target, &environment);
        good = check(target->palace, &shared, error) && (shared || graph == NULL || check(graph, &shared, error));
        free(graph);
    }
    environment_free(&environment);
    return good;
}
