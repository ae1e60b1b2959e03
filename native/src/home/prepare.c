/* Makes sure that a directory is there, is this user's, and lets nobody else in. */
#include "target.h"

#include "file.h"
#include "path.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OTHERS_MAY_WRITE 0002
#define ANYBODY_ELSE 0077

static bool refuse(const char *directory, const char *why, char **error)
{
    struct text sentence = {0};
    text_format(&sentence, "mpx won't use %s: %s. Choose another directory with --home.", directory, why);
    *error = text_take(&sentence);
    return false;
}

/* By errno. */
static bool fail(const char *directory, const char *at, char **error)
{
    const char *why = errno == EACCES || errno == EPERM ? "permission denied"
        : errno == EEXIST || errno == ENOTDIR           ? "there is a file of that name"
                                                        : strerror(errno);
    struct text sentence = {0};
    text_format(&sentence, "mpx can't use the directory %s: %s (%s).", directory, why, at);
    *error = text_take(&sentence);
    return false;
}

/* With its parents, all private. */
static bool create(const char *directory, const char *wanted, char **error)
{
    if (file_is_directory(directory)) {
        return true;
    }
    char *parent = path_parent(directory);
    bool has_parent = parent == NULL || create(parent, wanted, error);
    free(parent);
    if (!has_parent) {
        return false;
    }
    /* Somebody else may have been quicker. */
    return mkdir(directory, 0700) == 0 || (errno == EEXIST && file_is_directory(directory)) || fail(wanted, directory, error);
}

bool private_directory(const char *directory, char **error)
{
    struct stat it;
    if (!create(directory, directory, error)) {
        return false;
    }
    if (stat(directory, &it) != 0) {
        return fail(directory, directory, error);
    }
    if (it.st_uid != geteuid()) {
        struct text why = {0};
        text_format(&why, "it belongs to the user with id %ld, not to you", (long) it.st_uid);
        refuse(directory, text_chars(&why), error);
        text_free(&why);
        return false;
    }
    if (it.st_mode & OTHERS_MAY_WRITE) {
        return refuse(directory, "every user of this machine may write to it", error);
    }
    return !(it.st_mode & ANYBODY_ELSE) || chmod(directory, 0700) == 0 || fail(directory, directory, error);
}

bool home_prepare(const char *home, char **error)
{
    char *logs = path_in(home, "logs");
    bool ready = private_directory(home, error) && private_directory(logs, error);
    free(logs);
    return ready;
}
