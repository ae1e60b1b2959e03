/* The agent's two pipes and the daemon's socket, never waited for. */
#ifndef MPX_WIRE_H
#define MPX_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum wire_result { WIRE_DONE, WIRE_LATER, WIRE_ENDED };

struct wire {
    int fd;
    bool is_socket;
    /* Writing may block, since O_NONBLOCK can't be set on what the agent may share: only so many bytes, and only after poll. */
    size_t most_at_once; /* 0: any number, at any time */
};

/* For reading from the agent. */
struct wire wire_of_input(int fd);

/*
 * For writing to the agent. A full pipe must not stop this process, and O_NONBLOCK would change the pipe for everybody who
 * has it, so on Linux `fd` is replaced by an opening of its own; where that can't be, what POSIX promises for small writes
 * to a pipe that poll calls writable has to do.
 */
struct wire wire_of_output(int fd);

/* For a socket that is this process's own. */
struct wire wire_of_socket(int fd);

/* Only after poll has said that there is something. WIRE_ENDED at the end, however it came about. */
enum wire_result wire_read(const struct wire *wire, char *into, size_t room, size_t *count);

/* `ready`: poll has said that it takes bytes. */
enum wire_result wire_write(const struct wire *wire, bool ready, const char *bytes, size_t length, size_t *count);

#endif
