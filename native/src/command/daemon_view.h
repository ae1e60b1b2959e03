/* What a look at the daemon shows: what is to be printed, and whether it is well. */
#ifndef MPX_DAEMON_VIEW_H
#define MPX_DAEMON_VIEW_H

#include "server_options.h"
#include "text.h"

struct view_request {
    bool json;
    bool colours;
    bool all;
    long columns;
    long rows;           /* that the text should take at most; 0: any */
    int wanted;          /* nobody waits any more once this is readable; -1: somebody does to the end */
    long answer_limit_ms;
};

struct view {
    int status; /* to exit with */
    struct text out;
    struct text err;
};

/* Looks for the daemon, asks it, and starts none. *out is to be freed in any case. */
void view_take(struct view *out, const struct server_options *options, const char *home, const struct view_request *request);
void view_free(struct view *view);

#endif
