/* Looks names up in /etc/hosts and by DNS, for a static program, which has no C library to ask. Blocks, for up to
 * 24 s where servers are silent: see resolve. */
#ifndef MPX_NAME_SERVER_H
#define MPX_NAME_SERVER_H

#include <stddef.h>

struct found_address {
    int family; /* AF_INET or AF_INET6 */
    unsigned char bytes[16];
};

/* How many were found, `most` at the most. */
size_t name_server_find(struct found_address *out, size_t most, const char *name);

/* The same by getent(1), which knows every place where this system keeps names. */
size_t name_server_ask_system(struct found_address *out, size_t most, const char *name);

#endif
