/*
 * For those who may wait: the commands that ask a daemon one thing (`status`, `ensure`), and errands (errand.h). Blocking, within
 * a limit. The shim itself has its own way (finder.h).
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
 * Sends these words and reads until *said (appended to) holds the end of a line. ASKED_GONE, too, when `wanted` (-1: none)
 * comes to its end, by which somebody says that nobody waits any more.
 */
enum asked connection_exchange(int fd, int wanted, struct slice words, int64_t limit_ms, struct text *said);

/*
 * Sends one request and reads one line; `params` is JSON. With ASKED_ANSWERED *line (to be freed) holds it and *answer is the
 * message in it. `wanted` as above.
 */
enum asked connection_ask(int fd, int wanted, const char *method, const char *params, int64_t limit_ms, char **line,
                          struct slice *answer);

#endif
