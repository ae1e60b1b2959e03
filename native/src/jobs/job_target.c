#include "job_target.h"

#include "mempalace.h"
#include "server_record.h"
#include "whereabouts.h"
#include "words.h"

#include <stdlib.h>

/* What a home has on record of its last daemon. */
struct recorded {
    char **command; /* NULL: nothing */
    char *palace;   /* NULL: that server is none of a palace */
};

static struct recorded read_record(const char *home)
{
    struct recorded recorded = {0};
    struct text text;
    struct slice record;
    struct slice value;
    if (server_record_read(home, &text, &record)) {
        recorded.command = server_record_command(record);
        recorded.palace = json_strict_member(record, "palace", &value) ? json_text(value) : NULL;
    }
    text_free(&text);
    return recorded;
}

static bool find_recorded(struct target *out, struct invocation *invocation, char **error)
{
    char *home = target_home(invocation, error);
    if (home == NULL) {
        return false;
    }
    struct recorded recorded = read_record(home);
    invocation->command = recorded.command;
    bool found = target_find(out, invocation, error);
    if (found && recorded.command != NULL) {
        /* A variable of the daemon's may have named it: this process need not have that. */
        free(out->palace);
        out->palace = recorded.palace;
        recorded.palace = NULL;
    }
    words_free(recorded.command);
    free(recorded.palace);
    free(home);
    return found;
}

bool job_target_find(struct target *out, const char *home, const char *palace, char *const *command, char **error)
{
    static char option[] = "--palace";
    if (palace == NULL && home == NULL && command != NULL) {
        palace = mempalace_palace(command);
    }
    char *named = palace == NULL ? NULL : slice_copy(slice_of(palace));
    char *arguments[] = {option, named, NULL};
    struct invocation invocation = {.home = home, .arguments = named != NULL ? arguments : arguments + 2};
    invocation.argument_count = named != NULL ? 2 : 0;
    bool found = home != NULL && named == NULL ? find_recorded(out, &invocation, error) : target_find(out, &invocation, error);
    free(named);
    return found;
}

bool job_target_is_here(const struct target *target, char **error)
{
    struct whereabouts where = {0};
    bool is = whereabouts_find(&where, target->home, error);
    if (is && where.prescribed && where.endpoints[0].kind != ENDPOINT_UNIX) {
        struct text sentence = {0};
        char *endpoint = endpoint_text(&where.endpoints[0]);
        text_format(&sentence, "A palace is lent on its own machine alone, and the daemon of this one is at %s: run this there.", endpoint);
        *error = text_take(&sentence);
        free(endpoint);
        is = false;
    }
    whereabouts_free(&where);
    return is;
}
