#include "environment.h"

#include "blank.h"
#include "path.h"
#include "text.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const palace_variables[PALACE_VARIABLES] = {"MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH"};

/* This user's entry, or NULL. Its texts are good until the next call. */
static struct passwd *entry_of_user(void)
{
#if defined(MPX_STATIC) && defined(__linux__)
    /* The C library's own look-up would load parts of itself that a static program does not bring along. */
    FILE *all = fopen("/etc/passwd", "re");
    struct passwd *entry = NULL;
    while (all != NULL && (entry = fgetpwent(all)) != NULL && entry->pw_uid != getuid()) {
    }
    if (all != NULL) {
        fclose(all);
    }
    return entry;
#else
    return getpwuid(getuid());
#endif
}

static char *user_home(void)
{
    const char *home = getenv("HOME");
    if (home != NULL && *home == '/') {
        return path_clean(home);
    }
    struct passwd *entry = entry_of_user();
    return entry != NULL && entry->pw_dir != NULL && *entry->pw_dir == '/' ? path_clean(entry->pw_dir) : NULL;
}

bool environment_read(struct environment *out, char **error)
{
    *out = (struct environment){.working_directory = getcwd(NULL, 0)};
    struct text sentence = {0};
    if (out->working_directory == NULL) {
        text_format(&sentence, "mpx can't tell its working directory: %s.", strerror(errno));
    } else {
        out->user_home = user_home();
        if (out->user_home != NULL) {
            return true;
        }
        text_add(&sentence, "mpx can't tell your home directory: HOME is not set, and the system has none on record. Set HOME.");
    }
    *error = text_take(&sentence);
    environment_free(out);
    return false;
}

void environment_free(struct environment *environment)
{
    free(environment->working_directory);
    free(environment->user_home);
    *environment = (struct environment){0};
}

const char *environment_get(const struct environment *environment, const char *name)
{
    const char *value = getenv(name);
    for (size_t i = 0; i < PALACE_VARIABLES; i++) {
        if (environment->assigned[i] != NULL && strcmp(palace_variables[i], name) == 0) {
            value = environment->assigned[i];
        }
    }
    return value == NULL || blank_is(value) ? NULL : value;
}

char *environment_absolute(const struct environment *environment, const char *path)
{
    return path_join(environment->working_directory, path);
}

char *environment_expanded(const struct environment *environment, const char *path)
{
    if (path[0] != '~' || (path[1] != '\0' && path[1] != '/')) {
        return environment_absolute(environment, path);
    }
    struct text expanded = {0};
    text_format(&expanded, "%s%s", environment->user_home, path + 1);
    char *clean = path_clean(text_chars(&expanded));
    text_free(&expanded);
    return clean;
}

char *environment_in_home(const struct environment *environment, const char *path)
{
    return path_join(environment->user_home, path);
}
