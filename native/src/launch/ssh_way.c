#include "ssh_way.h"

#include "blank.h"
#include "file.h"
#include "java.h"
#include "settings.h"
#include "whereabouts.h"

#include <stdlib.h>
#include <string.h>

#define OPENSSH "openssh"
#define RELAY "java"

enum choice { CHOICE_NONE, CHOICE_OPENSSH, CHOICE_RELAY, CHOICE_SENSELESS };

/* By MPX_SSH, else by `ssh` in the machine's settings; a senseless one with a sentence in *error (to be freed). */
static enum choice chosen(char **error)
{
    const char *named = getenv("MPX_SSH");
    char *setting = NULL;
    if (named == NULL || blank_is(named)) {
        if (!settings_find(SETTING_SSH, &setting, error)) {
            return CHOICE_SENSELESS;
        }
        named = setting;
    }
    enum choice choice = named == NULL     ? CHOICE_NONE
        : strcmp(named, OPENSSH) == 0      ? CHOICE_OPENSSH
        : strcmp(named, RELAY) == 0        ? CHOICE_RELAY
                                           : CHOICE_SENSELESS;
    if (choice == CHOICE_SENSELESS) {
        struct text sentence = {0};
        text_format(&sentence, "MPX_SSH (or \"ssh\" in mpx.toml) is \"%s\", and may only be \"" OPENSSH "\" or \"" RELAY "\".", named);
        *error = text_take(&sentence);
    }
    free(setting);
    return choice;
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
    char *error = NULL;
    enum choice choice = chosen(&error);
    free(error);
    return choice == CHOICE_RELAY || (choice == CHOICE_NONE && has_relay());
}

bool ssh_way_makes_sense(char **error)
{
    return chosen(error) != CHOICE_SENSELESS;
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
