/*
 * mpx in the place of `mempalace`: what is made of its command lines. What only reads goes straight to the real one, and so does
 * everything that is part of a job; what writes becomes a job of its own.
 */
#ifndef MPX_ALIAS_H
#define MPX_ALIAS_H

#include "text.h"

enum alias_use {
    ALIAS_READS,  /* or leaves the palace alone */
    ALIAS_WRITES, /* or might: also every subcommand that is not known, as one job too many only takes time */
    ALIAS_HOOKS,
    ALIAS_SERVES, /* opens the palace for as long as it is let: no job, since none would get its turn after it */
    ALIAS_STAYS   /* leaves a daemon of MemPalace's own behind, which does the same, and which would stay part of a job to its end */
};

/* What the words behind `mempalace` are for. */
enum alias_use alias_use_of(char *const *words);

/* Why what SERVES or STAYS is not run, and what to do instead; `words` as before. */
void alias_add_refusal(struct text *text, char *const *words);

/* The subcommands that only read, ended by NULL. */
const char *const *alias_readers(void);

#endif
