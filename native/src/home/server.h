/* The stdio server that is to be shared: its command line, and the palace it opens if it is a palace server. */
#ifndef MPX_SERVER_H
#define MPX_SERVER_H

#include "environment.h"

#include <stddef.h>

#define PALACE_SERVER "mempalace-mcp"

struct server {
    char **argv;  /* the program first; ends with NULL */
    char *palace; /* NULL for any other server */
};

/* The default server, the real mempalace-mcp, with these arguments. False, with a sentence, if there is none. */
bool server_standard(struct server *out, char *const *arguments, const struct environment *environment, char **error);

/*
 * The server that a command line names. A mempalace-mcp in it that turns out to be mpx itself is replaced by the real one;
 * relative paths of the program and of --palace are made absolute. False, with a sentence, if it is empty, or is mpx itself
 * under another name.
 */
bool server_of(struct server *out, char *const *command_line, const struct environment *environment, char **error);

/* The default server where it need not be installed, since it runs elsewhere. */
void server_elsewhere(struct server *out, char *const *arguments, const struct environment *environment);

/* Behind which word of a command line the palace server's own arguments begin; 0 if there is no palace server. */
size_t server_end_of_palace(char *const *argv);

void server_free(struct server *server);

/* The home of its daemon unless another one is named: it follows the palace, else the command line. To be freed. */
char *server_home(const struct server *server, const struct environment *environment, char **error);

/* The home of a palace: ~/.mempalace for the default one, a sibling PALACE.mpx for any other. To be freed. */
char *home_of_palace(const char *palace, const struct environment *environment, char **error);

#endif
