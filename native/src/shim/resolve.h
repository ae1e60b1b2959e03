/* Addresses for names. Blocks, within a limit. */
#ifndef MPX_RESOLVE_H
#define MPX_RESOLVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define MOST_ADDRESSES 8

struct address {
    struct sockaddr_storage bytes;
    socklen_t length;
};

enum resolved { RESOLVED, RESOLVED_UNKNOWN, RESOLVED_LATE, RESOLVED_UNWANTED };

/*
 * The addresses of a name, *count of them, of TCP, in the order in which to try them. RESOLVED_UNKNOWN for a name that nobody knows,
 * RESOLVED_LATE at end_ms (steady.h), RESOLVED_UNWANTED once `wanted` (-1: none) comes to its end. A process of its own looks names
 * up, since the C library can't be told to stop.
 */
enum resolved resolve(struct address out[MOST_ADDRESSES], size_t *count, const char *host, int port, int wanted, int64_t end_ms);

#endif
