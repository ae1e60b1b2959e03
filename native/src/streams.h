/* Standard input and output over sockets: whoever drives many at once waits for all of them in one place. */
#ifndef MPX_STREAMS_H
#define MPX_STREAMS_H

#include <stdbool.h>

/*
 * Puts two connections to the listener of that abstract name (Linux) in the place of this process's standard input, which comes
 * first, and of its standard output. False, and said, if that fails: both are as they were.
 */
bool streams_connect(const char *name);

#endif
