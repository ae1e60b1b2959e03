/*
 * For the commands that ask a daemon one thing (`status`, `ensure`): blocking, within a limit. The shim itself has its own
 * way (finder.h), since it may not wait for anything.
 */
#ifndef MPX_CONNECTION_H
#define MPX_CONNECTION_H

#include "json.h"

#include <stdbool.h>
#include <stdint.h>

enum asked { ASKED_ANSWERED, ASKED_GONE, ASKED_SILENT };

/* -1, with errno, when nobody listens at that UNIX socket, or nobody took the connection within the limit. */
int connection_open(const char *path, int64_t limit_ms);

/*
 * Sends one request and reads one line; `params` is JSON. With ASKED_ANSWERED *line (to be freed) holds it and *answer is the
 * message in it.
 */
enum asked connection_ask(int fd, const char *method, const char *params, int64_t limit_ms, char **line, struct slice *answer);

#endif
