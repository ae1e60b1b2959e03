/*
 * What a session needs to outlive its daemon: which requests are unanswered in either direction, and the lines that make
 * another daemon's session like the one before. Reads along and changes nothing. The rules stand in docs/shim.md.
 */
#ifndef MPX_MEMORY_H
#define MPX_MEMORY_H

#include "requests.h"
#include "scan.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

struct subscription {
    struct subscription *next;
    char *uri;
    char *line;
};

/* A zeroed one knows nothing. */
struct memory {
    struct requests asked;  /* by the agent, of the daemon */
    struct requests served; /* by the daemon, of the agent */
    struct requests again;  /* by the shim itself, of the daemon */
    char *initialize;
    bool welcomed; /* it was answered with success */
    char *initialized;
    char *level;
    struct subscription *subscriptions;
    long restored;
};

/* The agent's line has gone out; `line` is empty for one that was cut through. */
void memory_said(struct memory *memory, const struct scan *scan, struct slice line, int64_t read_ms, int64_t wait_ms);

/*
 * The agent's line won't go out: nothing of it counts, but that the agent is initialized.
 */
void memory_unsaid(struct memory *memory, const struct scan *scan, struct slice line);

/* The daemon's line is here. Whether the agent is to get it: not if it answers what the agent never asked. */
bool memory_heard(struct memory *memory, const struct scan *scan, struct slice line);

/* The agent's `initialize`, if a daemon has answered it: the next one has to hear it first. Else NULL. */
const char *memory_handshake(const struct memory *memory);

/* What a new daemon is to be told next, as lines: the rest of that session, or the handshake the agent still waits for. */
void memory_restore(struct memory *memory, struct text *lines);

/* No daemon will answer the handshake for now: the next `initialize` is the first one again. The open request, or NULL. */
struct request *memory_give_up_handshake(struct memory *memory);

#endif
