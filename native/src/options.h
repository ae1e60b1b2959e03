/* The guard's command line. */
#ifndef MPX_OPTIONS_H
#define MPX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct options {
    char **locks;
    size_t lock_count;
    pid_t parent; /* 0: whoever it is */
    int64_t eof_ms;
    int64_t term_ms;
    int64_t wait_ms; /* for an earlier guard that is about to end */
    int64_t limit_ms; /* for the whole tree; 0: none */
    int tell; /* the descriptor that hears that the command was started; -1: none */
    const char *streams; /* the listener that gets standard input and output; NULL: they stay */
    bool stay; /* the command keeps terminal, process group and dispositions of signals, and what it leaves is waited for */
    char **command; /* ends with NULL */
};

/* False, after the usage on stderr, when the command line makes no sense. */
bool options_read(struct options *out, int count, char **arguments);

#endif
