/*
 * Where the daemon is to be found: by what the environment or the machine's settings prescribe, else by what its home has on
 * record. Nothing is tried. Java's `Whereabouts`, and what its `Discovery` says of endpoints that are prescribed.
 */
#ifndef MPX_WHEREABOUTS_H
#define MPX_WHEREABOUTS_H

#include "endpoint.h"

#include <stddef.h>

/* A zeroed one knows of none. */
struct whereabouts {
    bool prescribed; /* --endpoint, MEMPALACE_BROKER or the machine's settings name it: then no daemon is started from here */
    bool elsewhere;  /* on record is one under another kernel, which sees the same home by a shared mount */
    struct endpoint *endpoints; /* in the order in which to try them */
    size_t count;
};

/* What --endpoint names counts as MEMPALACE_BROKER, said on the command line. */
void whereabouts_prescribe(const char *endpoint);

/* False, with a sentence in *error (to be freed), if what is prescribed makes no sense. */
bool whereabouts_find(struct whereabouts *out, const char *home, char **error);
void whereabouts_free(struct whereabouts *whereabouts);

/* Whether one of them is reached by SSH. */
bool whereabouts_lead_through_ssh(const struct whereabouts *whereabouts);

/* Whether the daemon need not be this machine's: then neither need be the server. False as above. */
bool whereabouts_are_elsewhere(bool *is, const char *home, char **error);

#endif
