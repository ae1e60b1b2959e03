/* Addresses for names. Blocks. */
#ifndef MPX_RESOLVE_H
#define MPX_RESOLVE_H

#include <stddef.h>
#include <sys/socket.h>

#define MOST_ADDRESSES 8

struct address {
    struct sockaddr_storage bytes;
    socklen_t length;
};

/* How many of them there are, of TCP, in the order in which to try them; 0 for a name that nobody knows. */
size_t resolve(struct address out[MOST_ADDRESSES], const char *host, int port);

#endif
