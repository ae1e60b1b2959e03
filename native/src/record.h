/* Which guard wrote last into a lock file. For people and `status`; who may start a child is the lock's business. */
#ifndef MPX_RECORD_H
#define MPX_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum record_state {
    RECORD_RUNNING,
    RECORD_ENDING, /* its tree is about to end, within the times that guard was given */
    RECORD_ENDED   /* that guard saw its whole tree end: it left nothing */
};

struct record {
    pid_t pid;
    uint64_t start; /* as in struct proc */
    char boot[64];
    enum record_state state;
};

/* False when there is none, or none that can be read. */
bool record_read(int fd, struct record *out);

/*
 * Writes over the old one, in place and always with as many bytes, so that it works on a full disk too once there is a
 * record. False, with errno, when it could not.
 */
bool record_write(int fd, const struct record *record);

/* The guard that wrote it still lives. */
bool record_is_of_living(const struct record *record);

#endif
