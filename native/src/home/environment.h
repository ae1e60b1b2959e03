/*
 * What a process was given to find its files by: variables and working directory. Agents strip the environment of what
 * they start, so nothing but HOME and PATH is ever counted on, and HOME is made up for where it is missing.
 */
#ifndef MPX_ENVIRONMENT_H
#define MPX_ENVIRONMENT_H

#include <stdbool.h>

#define PALACE_VARIABLES 3

/* The variables that name a palace, by precedence. */
extern const char *const palace_variables[PALACE_VARIABLES];

struct environment {
    char *working_directory;
    char *user_home; /* HOME if it is an absolute path, else what the system has on record */
    /* By `env NAME=VALUE` in a server's command line: each counts before the process's own variable. Within that line. */
    const char *assigned[PALACE_VARIABLES];
    char *const *variables; /* "NAME=VALUE", those of another process; NULL: this one's */
};

/* That of this process. False, with a sentence in *error (to be freed), when a directory can't be told. */
bool environment_read(struct environment *out, char **error);
void environment_free(struct environment *environment);

/* A variable that is set and not blank, else NULL. */
const char *environment_get(const struct environment *environment, const char *name);

/* The path made absolute against the working directory; nothing in it is resolved. To be freed, like all that follow. */
char *environment_absolute(const struct environment *environment, const char *path);

/* The path with a leading "~" replaced by the user's home, made absolute. */
char *environment_expanded(const struct environment *environment, const char *path);

/* A path in the user's home. */
char *environment_in_home(const struct environment *environment, const char *path);

#endif
