/*
 * Where all of this user's mpx here meet that use one way to another machine by ssh(1): a directory of this machine's own, since
 * the home itself may lie on a mount that the other machine sees, too. One for each endpoint, beside those of Java's relays.
 */
#ifndef MPX_SSH_PLACE_H
#define MPX_SSH_PLACE_H

#include "endpoint.h"

#include <stdint.h>

struct ssh_place {
    char *directory;
    char *control; /* the socket of the shared connection (ControlPath) */
    char *door;    /* the socket that is forwarded */
    int lock;      /* held, or -1 */
};

/* Makes the directory. False, with a sentence in *error (to be freed), when that can't be. */
bool ssh_place_prepare(struct ssh_place *out, const struct endpoint *endpoint, char **error);
void ssh_place_free(struct ssh_place *place);

/* Whoever makes or changes the connection holds the lock meanwhile. False at end_ms, or once `wanted` (-1: none) came to its end. */
bool ssh_place_lock(struct ssh_place *place, int wanted, int64_t end_ms);
void ssh_place_unlock(struct ssh_place *place);

/*
 * Small notes for those that come later: each holds the time when it was made, by a clock that nobody sets (steady.h) and that
 * all processes here share. One that lies in the future is of before the last boot, and does not count.
 */
enum ssh_note {
    SSH_NOTE_LOOKED,  /* when a daemon was last seen to run there */
    SSH_NOTE_COMMANDS /* the host forwarded no sockets then: sessions ran a command there */
};
void ssh_place_note(const struct ssh_place *place, enum ssh_note note);
void ssh_place_forget(const struct ssh_place *place, enum ssh_note note);

/* Whether the note was made at that time (steady_ms) or later. */
bool ssh_place_has_since(const struct ssh_place *place, enum ssh_note note, int64_t since_ms);

#endif
