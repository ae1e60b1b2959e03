/* A daemon that is reached by TCP. Blocks. */
#ifndef MPX_TCP_H
#define MPX_TCP_H

#include "endpoint.h"

#include <stdint.h>

/*
 * A connection; nothing has been said on it. -1, with a few words in *why (to be freed) and errno, when there is none, ETIMEDOUT
 * if nobody took it within the limit, which begins once the host's address is known, or that is not found within 20 s; `wanted`
 * as connection_exchange has it.
 */
int tcp_open(const struct endpoint *endpoint, int wanted, int64_t limit_ms, char **why);

#endif
