/* What the shim itself says to the agent, in a daemon's place; docs/shim.md says when. */
#ifndef MPX_ANSWERS_H
#define MPX_ANSWERS_H

#include "scan.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define DAEMON_GONE (-32011)
#define NO_DAEMON (-32012)
#define NOT_SENT (-32016)

/* Why a request can't be served. */
struct failure {
    int code;
    bool sent; /* a byte of it went to a daemon */
    const char *reason;
    const char *message;
    const char *log; /* a JSON array of a daemon's last lines, or NULL */
};

/* For what went to a daemon, if only in part, that ended before it answered. */
extern const struct failure ANSWERS_DAEMON_GONE;

/* The answer to the request with this id, with its newline. */
void answers_refuse(struct text *out, struct slice id, const struct failure *failure, int64_t elapsed_ms, int64_t queued_ms);

/* Answers all that a line asks: `ping` and `server/discover` as any server would, the rest with the failure. */
void answers_refuse_line(struct text *out, const struct scan *scan, struct slice line, const struct failure *failure,
                         int64_t elapsed_ms);

/* Whether the shim answers the line itself while there is no daemon; if so, has done so. */
bool answers_ping(struct text *out, const struct scan *scan);

/* Tells the agent that nobody waits any more for its answer to the server's request with this id. */
void answers_take_back(struct text *out, struct slice id);

#endif
