/* Runs a program to its end, with nothing on its standard input. Blocks, within a limit. */
#ifndef MPX_RUN_H
#define MPX_RUN_H

#include "text.h"

#include <stdint.h>

enum run_outcome { RUN_ENDED, RUN_LATE, RUN_UNWANTED, RUN_IMPOSSIBLE };

struct run {
    int status; /* of a program that ended; 128 + the signal that ended it */
    struct text out;
    struct text err;
};

/*
 * RUN_LATE at end_ms (steady.h), RUN_UNWANTED once `wanted` (-1: none) comes to its end: the program is killed then. What a
 * program leaves behind in the background, and what that says, is not waited for. *out is to be freed in any case.
 */
enum run_outcome run_program(struct run *out, char *const *argv, int wanted, int64_t end_ms);

void run_free(struct run *run);

#endif
