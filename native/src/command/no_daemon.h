/* What a person is told where no daemon is: why, what helps, and what was found in its place. */
#ifndef MPX_NO_DAEMON_H
#define MPX_NO_DAEMON_H

#include "daemon_view.h"
#include "whereabouts.h"

/* What is asked about, and where. */
struct question {
    const struct server_options *options;
    const struct view_request *request;
    const char *home;
    struct whereabouts where;
    const struct endpoint *reached; /* where somebody took the connection, or NULL */
};

/* Whether it may be another machine's: then its files are not here, and it is not started from here. */
bool question_is_elsewhere(const struct question *question);

/* `hangs`: somebody is there and does not answer. */
void no_daemon(struct view *out, const struct question *question, const char *why, bool hangs);

/* The same with where it was looked for. */
void no_daemon_there(struct view *out, const struct question *question, const char *why, bool hangs);

/* The same, where nothing is known but that. */
void no_daemon_over_there(struct view *out, const struct question *question, const char *why);

#endif
