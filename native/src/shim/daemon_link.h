/* The connection to the daemon of the moment, and what that is to hear before anything of the agent's. */
#ifndef MPX_DAEMON_LINK_H
#define MPX_DAEMON_LINK_H

#include "courtesy.h"
#include "silence.h"
#include "text.h"
#include "wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct daemon_link {
    struct wire wire; /* fd -1: none */
    struct silence silence;
    bool welcoming; /* it has still to answer the handshake */
    int64_t welcome_limit_ms;
    struct courtesy courtesy;
    struct text overture;
    size_t overture_sent;
};

void daemon_link_init(struct daemon_link *link);

/* A daemon has answered the greeting on this socket. `is_near`: it is known to be one of this machine. */
void daemon_link_take(struct daemon_link *link, int fd, bool is_near, int64_t now);

/* It hears that line first, and is to answer it by then. */
void daemon_link_ask_welcome(struct daemon_link *link, const char *handshake, int64_t limit_ms);

/* The session is the daemon's now. What else it is to hear is for the overture still. */
void daemon_link_welcomed(struct daemon_link *link);

bool daemon_link_is_up(const struct daemon_link *link);
bool daemon_link_has_overture(const struct daemon_link *link);

/* WIRE_DONE: all of it is out. WIRE_ENDED: the daemon can't be written to any more. */
enum wire_result daemon_link_write_overture(struct daemon_link *link);

void daemon_link_hang_up(struct daemon_link *link);

#endif
