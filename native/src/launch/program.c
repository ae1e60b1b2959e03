/* Where this program is, and what was installed with it. */
#include "launch.h"

#include "file.h"
#include "path.h"
#include "text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__APPLE__)

#include <mach-o/dyld.h>

static char *find_program(void)
{
    char path[PATH_MAX];
    uint32_t room = sizeof path;
    return _NSGetExecutablePath(path, &room) == 0 ? realpath(path, NULL) : NULL;
}

#else

static char *find_program(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0) {
        return NULL;
    }
    path[length] = '\0';
    /* How Linux names one that was removed or replaced while it ran. */
    static const char gone[] = " (deleted)";
    size_t end = (size_t) length >= sizeof gone ? (size_t) length - (sizeof gone - 1) : 0;
    if (end > 0 && strcmp(path + end, gone) == 0 && access(path, F_OK) != 0) {
        path[end] = '\0';
    }
    return slice_copy(slice_of(path));
}

#endif

const char *mpx_program(void)
{
    static char *program;
    if (program == NULL) {
        char *found = find_program();
        program = found != NULL ? found : need(1);
    }
    return program;
}

char *mpx_lib(const char *name)
{
    char *bin = path_parent(mpx_program());
    char *root = bin == NULL ? NULL : path_parent(bin);
    char *lib = path_join(root == NULL ? "/" : root, "lib");
    char *file = path_join(lib, name);
    free(lib);
    free(root);
    free(bin);
    return file;
}

char *java_option(const char *name)
{
    const char *options = getenv("MPX_JAVA_OPTS");
    const char *given = options == NULL ? NULL : strstr(options, name);
    return given == NULL ? NULL : slice_copy((struct slice){.at = given + strlen(name), .length = strcspn(given + strlen(name), " ")});
}

const char *mpx_version(void)
{
    static char *version;
    if (version == NULL) {
        version = java_option("-Dmpx.version=");
    }
    if (version == NULL) {
        char *file = mpx_lib("version");
        char *line = file_first_line(file);
        free(file);
        version = line != NULL && *line != '\0' ? line : slice_copy(slice_of("dev"));
    }
    return version;
}
