/*
 * Whose daemon is looked for: the same answer as Java's `Target` (proxy, packages home and shim) gives to the same words
 * in the same environment, to the byte: two answers would be two daemons.
 */
#ifndef MPX_TARGET_H
#define MPX_TARGET_H

#include <stdbool.h>
#include <stddef.h>

/* The words behind `mpx [connect]`; see Java's `Invocation`. Points into argv. */
struct invocation {
    const char *home;     /* of --home, or NULL */
    const char *endpoint; /* of --endpoint, or NULL; see whereabouts_prescribe */
    char **arguments; /* for the default server, ended by NULL */
    size_t argument_count;
    char **command;    /* behind "--", ended by NULL; or NULL */
};

struct target {
    char *home;   /* the real path of the directory with mpx's own files; it may not exist yet */
    char *palace; /* the real path of the palace, or NULL for any other server */
    char **argv;  /* of the server, ended by NULL */
    char *working_directory;
};

/*
 * Reads `count` words. With `all_are_the_servers` (under the name mempalace-mcp) none of them is mpx's own. False, with a
 * sentence in *error (to be freed), for wrong usage.
 */
bool invocation_read(struct invocation *out, char **words, size_t count, bool all_are_the_servers, char **error);
void invocation_free(struct invocation *invocation);

/* False, with a sentence in *error (to be freed), when there is no such server. */
bool target_find(struct target *out, const struct invocation *invocation, char **error);
void target_free(struct target *target);

/* The home alone, for what needs no server (`status`, `stop`): it works where no server is installed. */
char *target_home(const struct invocation *invocation, char **error);

/* DIR/NAME, to be freed. */
char *path_in(const char *directory, const char *name);

/* Makes the directory, and those above it, private to this user. False, with a sentence, when it is somebody else's, or can't be. */
bool private_directory(const char *directory, char **error);

/* Makes the home and `logs` in it, private to this user. False, with a sentence, when that can't be. */
bool home_prepare(const char *home, char **error);

#endif
