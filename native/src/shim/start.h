/* Starts the daemon: in a session of its own and no child of this process, since agents end their servers by signalling
 * every descendant, or the process group. */
#ifndef MPX_START_H
#define MPX_START_H

#include "target.h"
#include "text.h"

#include <stdbool.h>
#include <sys/types.h>

struct started {
    pid_t pid;
    long log_from; /* where its part of logs/daemon.log begins */
};

/* The caller holds the home's start.lock. False, with a sentence in *error (to be freed), when no process could be made. */
bool start_daemon(const struct target *target, struct started *out, char **error);

/* Not once it is dead, waited for or not. */
bool started_is_alive(const struct started *daemon);

/* The last lines it wrote to its log, as a JSON array of strings; "[]" when there are none. */
void started_log_tail(const struct target *target, const struct started *daemon, struct text *json);

#endif
