/* Where a daemon listens, as it stands in a setting, a variable or broker.json; Java's `Endpoint`. */
#ifndef MPX_ENDPOINT_H
#define MPX_ENDPOINT_H

#include "text.h"

#include <stdbool.h>

enum endpoint_kind { ENDPOINT_UNIX, ENDPOINT_TCP, ENDPOINT_SSH };

/* A zeroed one is none. The texts are its own. */
struct endpoint {
    enum endpoint_kind kind;
    char *path; /* of a UNIX socket */
    char *user; /* ssh; NULL: as ssh_config(5) says */
    char *host; /* IPv6 without brackets */
    int port;   /* ssh: 0 where none is named */
    char *home; /* ssh: of the daemon over there; NULL: that of the default palace */
};

/* False for a form that is not known. */
bool endpoint_parse(struct endpoint *out, const char *text);

/* The same with a sentence in *error (to be freed) that names the forms that are known. */
bool endpoint_read(struct endpoint *out, const char *text, char **error);

/* The form that endpoint_parse reads, and the same for all that mean the same. To be freed. */
char *endpoint_text(const struct endpoint *endpoint);

void endpoint_free(struct endpoint *endpoint);

#endif
