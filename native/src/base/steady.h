/* A clock for limits of what this process itself does: it goes on while the process is stopped, and nobody sets it. */
#ifndef MPX_STEADY_H
#define MPX_STEADY_H

#include <stdint.h>

int64_t steady_ms(void);

/* What is left until then, as poll takes it: 0 at the least. */
int steady_left(int64_t end_ms);

#endif
