/* Standard input and output joined to a daemon's socket for guests, byte for byte. Java's `GuestPipe`. */
#ifndef MPX_GUEST_PIPE_H
#define MPX_GUEST_PIPE_H

#include <stdbool.h>

/*
 * Until the daemon's side ends; the end of input is passed on. Closes `daemon`, which never blocks. False, with errno, if either the
 * daemon or the reader of standard output broke off.
 */
bool guest_pipe(int daemon);

#endif
