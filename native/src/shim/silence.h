/* Notices a daemon by TCP that is gone while something is on its way to it: then keepalive says nothing. */
#ifndef MPX_SILENCE_H
#define MPX_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

struct silence {
    int fd;         /* -1: no connection that needs it */
    int64_t due_ms; /* to look again */
    int64_t since_ms;
    unsigned vain; /* tries when last looked */
};

/* A new connection, of any kind. */
void silence_begin(struct silence *silence, int fd, int64_t now);
void silence_end(struct silence *silence);

/*
 * Looks, if it is time to. True if the other side has acknowledged nothing of what was sent to it for too long; one that has
 * no room, and says so, is not meant.
 */
bool silence_lasts(struct silence *silence, int64_t now);

#endif
