#include "lent.h"

#include "complain.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_FOUND 127
#define CANNOT_RUN 126

bool lent_is_of(const char *home)
{
    const char *lent = getenv(LENT_VARIABLE);
    return lent != NULL && strcmp(lent, home) == 0;
}

int lent_become(char *const *argv)
{
    execvp(argv[0], argv);
    int cause = errno;
    struct text line = {0};
    text_format(&line, "cannot run %s: %s", argv[0], strerror(cause));
    complain(text_chars(&line));
    text_free(&line);
    return cause == ENOENT || cause == ENOTDIR ? NOT_FOUND : CANNOT_RUN;
}
