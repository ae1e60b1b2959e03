#include "shim.h"

#include "relay.h"

#include <stdlib.h>

int shim_main(const struct invocation *invocation)
{
    struct target target;
    char *error = NULL;
    if (!target_find(&target, invocation, &error)) {
        int status = relay_refuse(error);
        free(error);
        return status;
    }
    int status = relay_run(&target);
    target_free(&target);
    return status;
}
