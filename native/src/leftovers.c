#include "leftovers.h"

#include "clock.h"
#include "events.h"
#include "held.h"
#include "holders.h"
#include "say.h"
#include "wedged.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* How often to look again. Whoever waits for this waits for a server's start, which takes longer. */
#define LOOK_MS 20

/*
 * A process that is just ending has no descriptors any more that could be seen, while the kernel still closes them.
 * Only a lock that nobody seems to hold for longer than this counts as held by somebody out of sight.
 */
#define UNSEEN_MS 2000

struct hunt {
    struct locks *locks;
    bool look_closer;
    int64_t kill_at;
    int64_t wedged_at; /* 0 until there was a SIGKILL */
    int64_t unseen_since;
    struct procs told;
};

/* This process and its ancestors: a daemon started from within an old tree must not be ended by its own guard. */
static bool is_own_line(const struct procs *everybody, pid_t pid)
{
    const struct proc *one = procs_find(everybody, getpid());
    while (one != NULL && one->pid != pid) {
        one = one->pid == one->parent ? NULL : procs_find(everybody, one->parent);
    }
    return one != NULL;
}

static bool find_roots(const struct hunt *hunt, struct procs *roots)
{
    for (size_t i = 0; i < hunt->locks->count; i++) {
        const struct lockfile *file = &hunt->locks->all[i];
        if (!file->has_tree && !holders_by_descriptor(file, TREE_BYTE, roots)) {
            return false;
        }
        if (hunt->look_closer && !file->is_new && !holders_by_environment(file, roots)) {
            return false;
        }
    }
    return true;
}

static bool without_own_line(const struct procs *everybody, const struct procs *list, struct procs *out)
{
    bool done = true;
    for (size_t i = 0; i < list->count && done; i++) {
        bool spared = list->all[i].state == 'Z' || is_own_line(everybody, list->all[i].pid);
        done = spared || procs_add(out, &list->all[i]);
    }
    return done;
}

/* The own line is left out before descendants are looked for as well, or everything it ever started would be ended. */
static bool find_leftovers(const struct hunt *hunt, struct procs *out)
{
    struct procs found = {0};
    struct procs roots = {0};
    struct procs everybody = {0};
    struct procs family = {0};
    bool done = find_roots(hunt, &found);
    if (done && found.count > 0) {
        done = procs_read(&everybody) && without_own_line(&everybody, &found, &roots)
               && procs_with_descendants(&everybody, &roots, &family) && without_own_line(&everybody, &family, out);
    }
    procs_free(&found);
    procs_free(&roots);
    procs_free(&everybody);
    procs_free(&family);
    return done;
}

/* The first lock that is still somebody else's, else NULL; its state is left in `state`. */
static const struct lockfile *first_missing(const struct locks *locks, enum lock_try *state)
{
    const struct lockfile *missing = NULL;
    for (size_t i = 0; i < locks->count; i++) {
        enum lock_try got = lockfile_take_tree(&locks->all[i]);
        if (got != LOCK_TAKEN && missing == NULL) {
            missing = &locks->all[i];
            *state = got;
        }
    }
    return missing;
}

static void signal_leftovers(struct hunt *hunt, const struct procs *left)
{
    if (now_ms() < hunt->kill_at) {
        procs_terminate(left, &hunt->told);
        return;
    }
    procs_kill(left);
    if (hunt->wedged_at == 0) {
        hunt->wedged_at = now_ms() + WEDGED_MS;
    }
}

static int report_held(const struct lockfile *file)
{
    pid_t pid = lockfile_classic_holder(file, TREE_BYTE);
    struct proc holder;
    bool seen = pid != 0 && proc_read(pid, &holder);
    return say_held(file->path, seen ? &holder : NULL);
}

/* Nobody to be seen, and yet a lock is held: -1 to wait a little longer. */
static int judge_unseen(struct hunt *hunt, const struct lockfile *missing)
{
    if (lockfile_classic_holder(missing, TREE_BYTE) != 0) {
        return report_held(missing);
    }
    if (hunt->unseen_since == 0) {
        hunt->unseen_since = now_ms();
    }
    return now_ms() - hunt->unseen_since > UNSEEN_MS ? report_held(missing) : -1;
}

/* One look: 0 when all is had, -1 when it is to be tried again, else the status to exit with. */
static int look(struct hunt *hunt)
{
    enum lock_try state = LOCK_TAKEN;
    const struct lockfile *missing = first_missing(hunt->locks, &state);
    if (state == LOCK_FAILED) {
        say("cannot lock %s: %s", missing->path, strerror(errno));
        return EXIT_CANNOT;
    }
    if (missing == NULL && !hunt->look_closer) {
        return 0;
    }
    struct procs left = {0};
    int verdict = -1;
    if (!find_leftovers(hunt, &left)) {
        say("cannot look for what an earlier guard has left over: %s", strerror(errno));
        verdict = EXIT_CANNOT;
    } else if (left.count > 0) {
        hunt->unseen_since = 0;
        signal_leftovers(hunt, &left);
        if (hunt->wedged_at != 0 && now_ms() >= hunt->wedged_at) {
            say_wedged(&left);
            verdict = EXIT_WEDGED;
        }
    } else {
        verdict = missing == NULL ? 0 : judge_unseen(hunt, missing);
    }
    procs_free(&left);
    return verdict;
}

/* What makes it pointless to go on: 0, or the status to exit with. */
static int interruption(void)
{
    if (events_end_asked() != 0) {
        return 128 + events_end_asked();
    }
    if (events_kill_asked()) {
        return 128 + SIGUSR1;
    }
    return events_parent_is_gone() ? EXIT_CANNOT : 0;
}

int leftovers_end(struct locks *locks, bool look_closer, int64_t term_ms)
{
    struct hunt hunt = {.locks = locks, .look_closer = look_closer, .kill_at = now_ms() + term_ms};
    int verdict = look(&hunt);
    while (verdict < 0) {
        events_wait(LOOK_MS);
        int interrupted = interruption();
        verdict = interrupted != 0 ? interrupted : look(&hunt);
    }
    procs_free(&hunt.told);
    return verdict;
}
