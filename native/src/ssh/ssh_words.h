/* What ssh(1) says when it makes no connection, as a sentence for a person, with what helps. */
#ifndef MPX_SSH_WORDS_H
#define MPX_SSH_WORDS_H

#include "endpoint.h"

/* `err` is its standard error, at LogLevel DEBUG1. To be freed. */
char *ssh_words(const struct endpoint *endpoint, const char *err);

/* The last lines of it that are no reports of how it goes on, for what is not known here; "" if there are none. */
void ssh_words_add_last(struct text *out, const char *err);

#endif
