#include "ssh_way.h"

#include "blank.h"
#include "file.h"
#include "java.h"
#include "settings.h"
#include "whereabouts.h"

#include <stdlib.h>
#include <string.h>

/* MPX_SSH, else `ssh` in the machine's settings; "" if neither says anything. To be freed. */
static char *chosen(void)
{
    const char *named = getenv("MPX_SSH");
    char *setting = NULL;
    char *error = NULL;
    if (named != NULL && !blank_is(named)) {
        return slice_copy(slice_of(named));
    }
    settings_find(SETTING_SSH, &setting, &error);
    free(error);
    return setting == NULL ? slice_copy(slice_of("")) : setting;
}

static bool lib_has(const char *name, bool (*is)(const char *path))
{
    char *path = mpx_lib(name);
    bool has = is(path);
    free(path);
    return has;
}

/* The relay needs a Java, this program's other half, and the libraries for SSH. */
static bool has_relay(void)
{
    bool has = lib_has("mpx-proxy.jar", file_is_regular) && lib_has("ssh", file_is_directory);
    char *java = has ? java_find() : NULL;
    has = java != NULL;
    free(java);
    return has;
}

static bool is_relays(void)
{
    char *choice = chosen();
    bool is = strcmp(choice, "java") == 0 || (strcmp(choice, "openssh") != 0 && has_relay());
    free(choice);
    return is;
}

bool ssh_way_is_javas(const struct invocation *invocation)
{
    struct whereabouts where;
    char *error = NULL;
    char *home = target_home(invocation, &error);
    bool is = home != NULL && whereabouts_find(&where, home, &error);
    if (is) {
        is = whereabouts_lead_through_ssh(&where) && is_relays();
        whereabouts_free(&where);
    }
    free(home);
    free(error);
    return is;
}
