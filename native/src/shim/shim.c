#include "shim.h"

#include "relay.h"

#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

/*
 * glibc keeps what a long line took for the next one, and takes ever longer blocks from where they can't be given back: a
 * shim that once carried 10 MiB would stay that big.
 */
static void give_memory_back(void)
{
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 64 << 10);
#endif
}

int shim_main(const struct invocation *invocation)
{
    struct target target;
    char *error = NULL;
    give_memory_back();
    if (!target_find(&target, invocation, &error)) {
        int status = relay_refuse(error);
        free(error);
        return status;
    }
    int status = relay_run(&target);
    target_free(&target);
    return status;
}
