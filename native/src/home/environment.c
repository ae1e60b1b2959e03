#include "environment.h"

#include "blank.h"
#include "path.h"
#include "text.h"

#include <errno.h>
#if !defined(MPX_STATIC)
#include <pwd.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const palace_variables[PALACE_VARIABLES] = {"MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH"};

#if defined(MPX_STATIC)
/* A line of the system's list of users, as /etc/passwd has it: the home of this user if it is theirs. */
static char *home_in_entry(char *line)
{
    char *field[7], *next = line;
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
        field[i] = next == NULL ? NULL : strsep(&next, ":");
    }
    char *end;
    return field[6] != NULL && strtoul(field[2], &end, 10) == getuid() && *end == '\0' && end != field[2] ? strdup(field[5]) : NULL;
}

static char *home_among(FILE *users)
{
    char *line = NULL, *home = NULL;
    size_t size = 0;
    while (home == NULL && getline(&line, &size, users) >= 0) {
        home = home_in_entry(line);
    }
    free(line);
    return home;
}

/*
 * The C library's own look-up would load parts of itself that a static program does not bring along. So the file is read, and
 * where users are kept elsewhere (LDAP and the like) the system's own program is asked.
 */
static char *home_on_record(void)
{
    char *home = NULL;
    FILE *users = fopen("/etc/passwd", "re");
    if (users != NULL) {
        home = home_among(users);
        fclose(users);
    }
    if (home == NULL) {
        char command[64];
        snprintf(command, sizeof command, "getent passwd %lu 2>/dev/null", (unsigned long) getuid());
        users = popen(command, "re");
        if (users != NULL) {
            home = home_among(users);
            pclose(users);
        }
    }
    return home;
}
#else
static char *home_on_record(void)
{
    struct passwd *entry = getpwuid(getuid());
    return entry == NULL || entry->pw_dir == NULL ? NULL : strdup(entry->pw_dir);
}
#endif

static char *user_home(void)
{
    const char *home = getenv("HOME");
    if (home != NULL && *home == '/') {
        return path_clean(home);
    }
    char *recorded = home_on_record();
    char *clean = recorded != NULL && *recorded == '/' ? path_clean(recorded) : NULL;
    free(recorded);
    return clean;
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

/* In a list that ends with NULL; NULL if it is not there. */
static const char *value_in(char *const *variables, const char *name)
{
    size_t length = strlen(name);
    for (; *variables != NULL; variables++) {
        if (strncmp(*variables, name, length) == 0 && (*variables)[length] == '=') {
            return *variables + length + 1;
        }
    }
    return NULL;
}

const char *environment_get(const struct environment *environment, const char *name)
{
    const char *value = environment->variables != NULL ? value_in(environment->variables, name) : getenv(name);
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
