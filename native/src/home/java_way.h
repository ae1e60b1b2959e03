/*
 * Which ways to a daemon this program leaves to the shim in Java: TCP, SSH, and all that has to be thought of where a home
 * may belong to another kernel (docs/boundary.md).
 */
#ifndef MPX_JAVA_WAY_H
#define MPX_JAVA_WAY_H

#include "target.h"

#include <stdbool.h>

/* `words` as they came; under the server's own name (`alias`) none of them is mpx's. */
bool java_way_is_named(char *const *words, bool alias);

/* Whether the home lies on a file system on which neither locks nor sockets reach everybody who sees it. */
bool java_way_is_needed(const struct invocation *invocation);

#endif
