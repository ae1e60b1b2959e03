/* The options that say which shared server a command is about; Java's `ServerOptions`. */
#ifndef MPX_SERVER_OPTIONS_H
#define MPX_SERVER_OPTIONS_H

#include "target.h"

#include <stdbool.h>

struct server_options {
    struct invocation invocation;
    char *arguments[3];
    bool flag;
};

/*
 * Reads [--home DIR] [--endpoint URI] [--palace DIR] [FLAG] [-- COMMAND ARGS…]; `flag` may be NULL. False for anything else, wrong usage
 * included: then it is for Java to make sense of, or to complain. *out must stay where it is.
 */
bool server_options_read(struct server_options *out, char **words, const char *flag);

#endif
