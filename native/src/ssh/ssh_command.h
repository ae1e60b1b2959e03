/*
 * Command lines of ssh(1), OpenSSH's. What makes a connection has the user's own settings (ssh_config(5)) but for what is fixed here: it
 * never asks anybody, never learns a host key, and notices a dead peer within 12 s. What goes over a shared one reads no settings.
 */
#ifndef MPX_SSH_COMMAND_H
#define MPX_SSH_COMMAND_H

#include "endpoint.h"
#include "ssh_place.h"

/* The program; NULL, with a sentence in *error, if there is none. To be freed, like all that follow (words_free). */
char *ssh_program(char **error);

/* Makes the shared connection, and ends once it is there. */
char **ssh_command_master(const char *program, const struct endpoint *endpoint, const struct ssh_place *place);

/* Asks the shared connection whether it is there. */
char **ssh_command_check(const char *program, const struct endpoint *endpoint, const struct ssh_place *place);

/* Runs a command over the shared connection, and never makes another one. */
char **ssh_command_run(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote);

/* The same; makes a connection of its own where the shared one takes no more sessions. */
char **ssh_command_session(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote);

/* Has the shared connection forward place->door to a socket there; NULL if ssh(1) would read that socket's path as something else. */
char **ssh_command_forward(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote);

/* How a person connects by hand, for advice. */
void ssh_command_add_by_hand(struct text *out, const struct endpoint *endpoint);

#endif
