#include "orphans.h"

#include "environment.h"
#include "holders.h"
#include "lent.h"
#include "mempalace.h"
#include "palace.h"
#include "proc_details.h"
#include "words.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TERM_MS 3000
#define KILL_MS 1000
#define LOOK_MS 20

struct hunt {
    const struct target *target;
    const struct procs *everybody;
    char *guarded; /* what MPX_GUARDED holds in a tree under the guard of this home, "|KEY|", or NULL */
};

/* The palace that a program with this command line opens in that process, by its variables and its directory; NULL if unknown. */
static char *palace_opened(pid_t pid, char *const *argv, char *const *variables)
{
    struct environment environment = {.working_directory = proc_directory(pid), .variables = variables};
    const char *home = environment_get(&environment, "HOME");
    char *palace = NULL;
    if (environment.working_directory != NULL && home != NULL && *home == '/') {
        environment.user_home = slice_copy(slice_of(home));
        palace = palace_of(mempalace_arguments(argv), &environment);
    }
    environment_free(&environment);
    return palace;
}

char *orphan_palace(pid_t pid, char *const *argv)
{
    char *const *rest;
    if (!mempalace_is_itself(argv) || !mempalace_is_mine(argv, &rest)) {
        return NULL;
    }
    char **variables = proc_variables(pid);
    char *palace = variables == NULL ? NULL : palace_opened(pid, argv, variables);
    words_free(variables);
    return palace;
}

bool orphan_is_guard(char *const *words)
{
    bool is = false;
    if (words[0] != NULL && words[1] != NULL && strcmp(words[1], "guard") == 0) {
        for (size_t i = 2; words[i] != NULL && strcmp(words[i], "--") != 0; i++) {
            is = is || strcmp(words[i], "--lock") == 0 || strcmp(words[i], "--job") == 0;
        }
    }
    return is;
}

static bool is_guard(pid_t pid)
{
    char **words = proc_words(pid);
    bool is = words != NULL && orphan_is_guard(words);
    words_free(words);
    return is;
}

/* By this a guard's tree is known even where the guard itself is gone. */
static bool is_marked(const struct hunt *hunt, char *const *variables)
{
    const struct environment environment = {.variables = variables};
    const char *guarded = environment_get(&environment, GUARDED_VARIABLE);
    const char *lent = environment_get(&environment, LENT_VARIABLE);
    return (guarded != NULL && hunt->guarded != NULL && strstr(guarded, hunt->guarded) != NULL)
           || lent_names(lent, hunt->target->home);
}

static bool is_marked_process(const struct hunt *hunt, pid_t pid)
{
    char **variables = proc_variables(pid);
    bool is = variables != NULL && is_marked(hunt, variables);
    words_free(variables);
    return is;
}

/* Whether the process, or one above it, is of mpx. */
static bool is_looked_after(const struct hunt *hunt, const struct proc *one)
{
    while (one != NULL && one->pid > 1) {
        if (is_guard(one->pid) || is_marked_process(hunt, one->pid)) {
            return true;
        }
        one = one->pid == one->parent ? NULL : procs_find(hunt->everybody, one->parent);
    }
    return false;
}

static bool works_on(const struct hunt *hunt, pid_t pid, char *const *argv)
{
    char *palace = orphan_palace(pid, argv);
    bool is = palace != NULL && hunt->target->palace != NULL && strcmp(palace, hunt->target->palace) == 0;
    free(palace);
    return is;
}

static bool is_orphan(const struct hunt *hunt, const struct proc *one)
{
    char **argv = one->state == 'Z' || !proc_is_of_this_user(one->pid) ? NULL : proc_words(one->pid);
    bool is = argv != NULL && works_on(hunt, one->pid, argv) && !is_looked_after(hunt, one);
    words_free(argv);
    return is;
}

bool orphans_find(const struct target *target, int64_t age_ms, struct procs *out)
{
    struct procs everybody = {0};
    bool done = procs_read(&everybody);
    struct hunt hunt = {.target = target, .everybody = &everybody, .guarded = lock_key_of(target->home)};
    time_t now = time(NULL);
    for (size_t i = 0; done && i < everybody.count; i++) {
        const struct proc *one = &everybody.all[i];
        if (one->pid != getpid() && is_orphan(&hunt, one) && (now - proc_since(one)) * 1000 >= age_ms) {
            done = procs_add(out, one);
        }
    }
    free(hunt.guarded);
    procs_free(&everybody);
    return done;
}

void orphan_describe(const struct proc *orphan, struct text *text)
{
    char command[512];
    char since[32] = "?";
    time_t started = proc_since(orphan);
    struct tm local;
    if (started != 0 && localtime_r(&started, &local) != NULL) {
        strftime(since, sizeof since, "%Y-%m-%d %H:%M", &local);
    }
    proc_command(orphan->pid, command, sizeof command);
    text_format(text, "pid %ld since %s: %s", (long) orphan->pid, since, command);
}

static bool still_there(const struct procs *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct proc now;
        if (proc_read(list->all[i].pid, &now) && now.start == list->all[i].start && now.state != 'Z') {
            return true;
        }
    }
    return false;
}

static void await_end(const struct procs *list, int limit_ms)
{
    for (int waited = 0; waited < limit_ms && still_there(list); waited += LOOK_MS) {
        poll(NULL, 0, LOOK_MS);
    }
}

void orphans_end(const struct procs *orphans)
{
    struct procs everybody = {0};
    struct procs family = {0};
    struct procs told = {0};
    if (procs_read(&everybody) && procs_with_descendants(&everybody, orphans, &family)) {
        procs_terminate(&family, &told);
        await_end(&family, TERM_MS);
        procs_kill(&family);
        await_end(&family, KILL_MS);
    }
    procs_free(&everybody);
    procs_free(&family);
    procs_free(&told);
}
