/* mpx on the host: ~/.local/bin/mpx, else the one on the PATH that a command run by SSH has there. Java's `HostProgram`. */
#ifndef MPX_HOST_PROGRAM_H
#define MPX_HOST_PROGRAM_H

#include "endpoint.h"

/*
 * A command line, for the host's login shell, that runs mpx with these words (ended by NULL) for the home that the endpoint
 * names. To be freed. It is what Java's relay sends, to the byte: a forced command there may let nothing else through.
 */
char *host_program_line(const struct endpoint *endpoint, const char *const *words);

/* Why there was none, as told by that command's standard error; NULL if it was not for that. To be freed. */
char *host_program_missing(const struct endpoint *endpoint, const char *err);

#endif
