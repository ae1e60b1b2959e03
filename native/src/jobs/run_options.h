/* The words behind `mpx run`. */
#ifndef MPX_RUN_OPTIONS_H
#define MPX_RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct run_options {
    const char *home;   /* NULL, like the next three: not given */
    const char *palace;
    const char *endpoint;
    const char *key;
    bool detach;
    bool reap;
    bool help;
    int64_t timeout_ms; /* 0: none */
    int64_t wait_ms;    /* -1: as long as it takes */
    char **command;     /* NULL with `reap` and `help` alone */
};

/* False, with a sentence in *error (to be freed), for wrong usage. Points into `words`. */
bool run_options_read(struct run_options *out, char **words, char **error);

#endif
