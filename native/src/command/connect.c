#include "command.h"

#include "connection.h"
#include "guest_door.h"
#include "guest_pipe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 5000

static int join(const char *door, int held)
{
    int daemon = connection_open(door, CONNECT_LIMIT_MS);
    int cause = errno;
    close(held);
    if (daemon < 0) {
        fprintf(stderr, "mpx: the daemon's socket for guests, %s, takes no connection: %s\n", door, strerror(cause));
        return DEGRADED;
    }
    if (!guest_pipe(daemon)) {
        fprintf(stderr, "mpx: the connection to the daemon broke off: %s\n", strerror(errno));
        return DEGRADED;
    }
    return WELL;
}

int command_connect_guest(char **all)
{
    char *door = NULL;
    int held = -1;
    int status = guest_door_ensure(all, &door, &held);
    if (status == WELL) {
        status = join(door, held);
    } else if (held >= 0) {
        close(held);
    }
    free(door);
    return status;
}
