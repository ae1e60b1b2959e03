/* What comes from the agent: sent to the daemon while there is one, else kept, or refused. */
#ifndef MPX_UP_H
#define MPX_UP_H

#include "answers.h"
#include "buffer.h"
#include "down.h"
#include "memory.h"
#include "scan.h"
#include "wire.h"

#include <stdbool.h>
#include <stdint.h>

/* When bytes came: those before the place `end`, counted from the front of the buffer. */
struct mark {
    size_t end;
    int64_t ms;
};

#define MARKS 32

/* What becomes of lines for which there is no daemon. */
enum fate {
    FATE_SENT,   /* there is one */
    FATE_WAITS,  /* in the first moments: everything */
    FATE_KEPT,   /* whole lines as long as there is room; what is not kept is refused */
    FATE_REFUSED
};

struct up {
    struct wire agent;
    struct memory *memory;
    struct down *down;
    struct buffer bytes; /* begin with the line that is being sent, or comes next */
    size_t sent;         /* of them */
    size_t whole;        /* of them: whole lines, or what may go without being one */
    size_t looked;       /* of them: lines that wait and were looked at */
    struct scan scan;    /* of the line that is being sent, as far as it is */
    bool cut;            /* that line is sent as it comes, and not kept */
    bool drops;          /* the last line is being dropped as it comes */
    bool dropped_sent;   /* something of it was sent */
    struct scan dropped;
    struct mark marks[MARKS];
    size_t mark_count;
    bool in_line; /* the last byte that was read ended no line */
    bool ended;
};

void up_init(struct up *up, struct memory *memory, struct down *down);

bool up_has_room(const struct up *up, enum fate fate);
bool up_has_pending(const struct up *up);

/* From the agent, after poll said so; at its end, `ended` is set and the last line is whole. `failure`: why everything is refused, if it is. */
void up_read(struct up *up, const struct failure *failure, int64_t now);

/* To the daemon. WIRE_ENDED: it can't be written to any more. */
enum wire_result up_write(struct up *up, const struct wire *daemon, int64_t now);

/* The daemon is gone: of the line that was being sent, the rest goes nowhere. */
void up_lose(struct up *up, int64_t now);

/* Deals with what can't be sent now. `failure` says why; `pings`: those are answered. */
void up_settle(struct up *up, enum fate fate, const struct failure *failure, bool pings, int64_t now);

#endif
