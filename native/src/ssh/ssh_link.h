/*
 * The way to another machine's daemon by ssh(1): one connection that all of this user's mpx here share, and that ends some
 * minutes after the last has used it. Blocks, within limits; the shim has it done by an errand (errand.h).
 */
#ifndef MPX_SSH_LINK_H
#define MPX_SSH_LINK_H

#include "endpoint.h"
#include "run.h"

#include <sys/types.h>

enum ssh_outcome { SSH_FOUND, SSH_FAILED, SSH_BUSY };

struct ssh_session {
    int fd;           /* the daemon has answered on it */
    struct text said; /* what it said */
    pid_t command;    /* the ssh(1) that the connection leads to, to be waited for when its other end is closed; 0: none */
    int command_err;  /* its standard error, to be read until then */
};

/*
 * A connection to the daemon, which is started there if need be. `greeting` is a line; what is answered first stands in
 * out->said. Else *why, a sentence, to be freed. `wanted` as connection_exchange has it.
 */
enum ssh_outcome ssh_link_open(struct ssh_session *out, const struct endpoint *endpoint, struct slice greeting, int wanted, char **why);

/* Runs mpx with these words there. False, with a sentence in *why (to be freed), when it could not be run. */
bool ssh_link_run(struct run *out, const struct endpoint *endpoint, const char *const *words, char **why);

#endif
