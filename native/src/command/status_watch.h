/* `mpx status --watch`: the status again and again, in place. */
#ifndef MPX_STATUS_WATCH_H
#define MPX_STATUS_WATCH_H

#include "daemon_view.h"

#include <stdint.h>

/*
 * Until q or Ctrl-C is pressed; goes on when the daemon dies and when it comes back. The request's size is that of the terminal, at
 * every look. Returns the status to exit with.
 */
int status_watch(const struct server_options *options, const char *home, const struct view_request *request, int64_t every_ms);

#endif
