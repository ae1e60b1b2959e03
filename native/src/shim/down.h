/* What goes to the agent: the daemon's lines, and between them what the shim itself has to say. */
#ifndef MPX_DOWN_H
#define MPX_DOWN_H

#include "buffer.h"
#include "memory.h"
#include "scan.h"
#include "text.h"
#include "wire.h"

#include <stdbool.h>

enum welcome { WELCOME_NOT_AWAITED, WELCOME_AWAITED, WELCOME_GIVEN, WELCOME_DENIED };

struct down {
    struct wire agent;
    struct memory *memory;
    struct buffer bytes;
    size_t whole;    /* of them, from the front: may be printed */
    size_t searched; /* of them: what is behind `whole` has no newline up to here */
    struct scan scan;
    unsigned lines; /* that have ended so far, modulo its range */
    bool cut; /* the line at `whole` is printed as it comes */
    struct text later; /* to be said behind that line */
    enum welcome welcome;
    struct text denial; /* the line that denied it */
};

void down_init(struct down *down, struct memory *memory);

bool down_has_room(const struct down *down);
bool down_has_pending(const struct down *down);
/* So much waits for the agent that nothing should be done that makes it more. */
bool down_is_full(const struct down *down);

/* From the daemon, after poll said so. WIRE_ENDED: it is gone. */
enum wire_result down_read(struct down *down, const struct wire *daemon);

/* What was read already, when somebody else did. */
void down_take(struct down *down, const char *bytes, size_t length);

/* The answer to the agent's repeated handshake is awaited: it is not for the agent, and what follows it waits. */
void down_await_welcome(struct down *down);

/* From here on everything is for the agent again. */
void down_welcomed(struct down *down);

/* Says whole lines of the shim's own, as soon as no line of the daemon's is in the middle. */
void down_say(struct down *down, const struct text *lines);

/* The daemon is gone: half a line of its is dropped, or ended where half of it was printed. */
void down_lose(struct down *down);

/* To the agent. WIRE_ENDED: it can't be written to any more. */
enum wire_result down_write(struct down *down, bool ready);

#endif
