/*
 * One agent's session, as the rooms of the relay share it; nobody else includes this. Its states are those of docs/shim.md, and
 * only transition.h changes them.
 */
#ifndef MPX_SESSION_H
#define MPX_SESSION_H

#include "absence.h"
#include "daemon_link.h"
#include "down.h"
#include "finder.h"
#include "memory.h"
#include "patience.h"
#include "target.h"
#include "up.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum state { FIRST, LIVE, AWAY, SILENT, REFUSED };

struct session {
    enum state state;
    struct memory memory;
    struct up up;
    struct down down;
    struct finder finder;
    struct patience patience;
    struct daemon_link link;
    struct absence absence;
    pid_t parent;
    int parent_fd;     /* -1: the system has none that tells of the parent's end */
    bool input_closed; /* the agent has ended its side, but not all of it can be read now */
    int64_t end_ms;    /* once the agent's input has ended */
    bool half_closed;  /* the daemon knows that */
    bool finished;
    int status;
};

/* `target` NULL: there is nothing to relay to. What it holds points into it: it stays where it is. */
void session_init(struct session *session, const struct target *target, int64_t now);

/* What becomes of the agent's lines now. */
enum fate session_fate(const struct session *session);

/* Whether they are refused. */
bool session_refuses(const struct session *session);

bool session_has_agent_ended(const struct session *session);

/* Whether a daemon is of any use. An agent that says all it has to say at once and closes its side is to be served as well. */
bool session_wants_daemon(const struct session *session);

#endif
