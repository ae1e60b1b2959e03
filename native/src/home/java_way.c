#include "java_way.h"

#include "blank.h"
#include "settings.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/statfs.h>
#endif

static bool is_over_a_network(const char *endpoint)
{
    return word_after(endpoint, "tcp://") != NULL || word_after(endpoint, "ssh://") != NULL;
}

/* What makes no sense is for the caller to find, and to say. */
static bool is_prescribed(void)
{
    const char *named = getenv("MEMPALACE_BROKER");
    if (named != NULL && !blank_is(named)) {
        return is_over_a_network(named);
    }
    char *setting = NULL;
    char *error = NULL;
    bool is = settings_endpoint(&setting, &error) && setting != NULL && is_over_a_network(setting);
    free(setting);
    free(error);
    return is;
}

bool java_way_is_named(char *const *words, bool alias)
{
    for (; !alias && *words != NULL && strcmp(*words, "--") != 0; words++) {
        if (strcmp(*words, "--endpoint") == 0 || word_after(*words, "--endpoint=") != NULL) {
            return true;
        }
    }
    return is_prescribed();
}

#if defined(__linux__)

/* By the magic numbers of statfs(2): FUSE (virtiofs is one), 9P, NFS, SMB in three forms, VirtualBox, Ceph, AFS, Coda, Lustre. */
static bool is_shared_type(unsigned long type)
{
    static const unsigned long shared[] = {0x65735546, 0x01021997, 0x6969,     0x517b,     0xfe534d42, 0xff534d42,
                                           0x786f4256, 0x00c36400, 0x5346414f, 0x73757245, 0x0bd00bd0};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (type == shared[i]) {
            return true;
        }
    }
    return false;
}

/* Of the path, or of the nearest directory above it that exists. */
static bool is_shared(char *path)
{
    struct statfs system;
    while (statfs(path, &system) != 0) {
        char *slash = strrchr(path, '/');
        if (slash == NULL || slash == path) {
            return false;
        }
        *slash = '\0';
    }
    return is_shared_type((unsigned long) system.f_type & 0xffffffffUL);
}

#else

static bool is_shared(char *path)
{
    (void) path;
    return false;
}

#endif

bool java_way_is_needed(const struct invocation *invocation)
{
    char *error = NULL;
    char *home = target_home(invocation, &error);
    bool is = home != NULL && is_shared(home);
    free(home);
    free(error);
    return is;
}
