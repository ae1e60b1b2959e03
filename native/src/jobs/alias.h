/*
 * mpx in the place of `mempalace`: what is made of its command lines. What only reads goes straight to the real one, and so does
 * everything that is part of a job; what writes becomes a job of its own.
 */
#ifndef MPX_ALIAS_H
#define MPX_ALIAS_H

enum alias_use {
    ALIAS_READS,  /* or leaves the palace alone */
    ALIAS_WRITES, /* or might: also every subcommand that is not known, as one job too many only takes time */
    ALIAS_HOOKS,
    ALIAS_SERVES  /* opens the palace for as long as it is let: no job, since none would get its turn after it */
};

/* What the words behind `mempalace` are for. */
enum alias_use alias_use_of(char *const *words);

#endif
