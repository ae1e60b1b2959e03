/*
 * Looks along PATH for programs. mpx may stand there under the palace server's name, more than once (an alias in one
 * directory, another installation in the next): every one of them is passed over.
 */
#ifndef MPX_SEARCH_H
#define MPX_SEARCH_H

#include "environment.h"

/* The first executable of that name on PATH, to be freed; NULL if there is none. */
char *search_find(const char *name, const struct environment *environment);

/*
 * The real palace server, to be freed: the first on PATH, else the one that mpx was put ahead of when it was installed.
 * NULL, with a sentence in *error, if there is none.
 */
char *search_palace_server(const struct environment *environment, char **error);

/* The palace's own program, under whose name mpx may stand as well. */
#define PALACE_PROGRAM "mempalace"

/*
 * The real one, to be freed: the first on PATH that is not mpx, else the one that mpx was put ahead of, else the one in the directory
 * of the server that mpx was put ahead of. NULL if there is none.
 */
char *search_palace_program(const struct environment *environment);

/* Whether running this file would run mpx: this installation by its real path, any other by the marker in it. */
bool search_is_mpx(const char *file);

#endif
