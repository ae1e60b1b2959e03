/* The native program of mpx. What it is asked to be stands first on its command line. */
#include "guard.h"
#include "shim.h"

#include <stdio.h>
#include <string.h>

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "guard") == 0) {
        return guard_main(count - 1, arguments + 1);
    }
    struct invocation invocation;
    char *error = NULL;
    if (count > 1 && strcmp(arguments[1], "connect") == 0 && invocation_read(&invocation, arguments + 2, (size_t) count - 2, false, &error)) {
        return shim_main(&invocation);
    }
    fputs("usage: mpx guard ...\n", stderr);
    return 2;
}
