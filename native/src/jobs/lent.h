/* Whoever is part of a job that has a palace finds MPX_LENT, the home it was lent by: then it waits for nobody. */
#ifndef MPX_LENT_H
#define MPX_LENT_H

#include <stdbool.h>

#define LENT_VARIABLE "MPX_LENT"

/* Whether this process is part of a job of that home. */
bool lent_is_of(const char *home);

/* Becomes that program. Returns only when it can't, after a line to stderr: the status to exit with, as a shell has it. */
int lent_become(char *const *argv);

#endif
