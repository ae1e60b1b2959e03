/* The native program of mpx. What it is asked to be stands first on its command line. */
#include "guard.h"

#include <stdio.h>
#include <string.h>

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "guard") == 0) {
        return guard_main(count - 1, arguments + 1);
    }
    fputs("usage: mpx guard ...\n", stderr);
    return 2;
}
