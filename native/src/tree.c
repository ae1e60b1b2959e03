#include "tree.h"

#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* A process that forks while the list is read may be missed by it; its child is in the next one. */
#define TERMINATE_ROUNDS 5

#if defined(__linux__)

void tree_adopt_orphans(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

#else

/*
 * No such thing here: an orphan goes to process 1 and is no longer known as a descendant. Lost: orphans survive an end
 * by the guard, until the next guard finds them by their descriptors.
 */
void tree_adopt_orphans(void) {}

#endif

static bool add_living(const struct procs *family, struct procs *out)
{
    for (size_t i = 0; i < family->count; i++) {
        const struct proc *one = &family->all[i];
        if (one->pid != getpid() && one->state != 'Z' && !procs_add(out, one)) {
            return false;
        }
    }
    return true;
}

bool tree_read(struct procs *out)
{
    struct procs everybody = {0};
    struct procs self = {0};
    struct procs family = {0};
    struct proc one;
    bool done = procs_read(&everybody) && proc_read(getpid(), &one) && procs_add(&self, &one)
                && procs_with_descendants(&everybody, &self, &family) && add_living(&family, out);
    procs_free(&everybody);
    procs_free(&self);
    procs_free(&family);
    return done;
}

/* One list, one signal each; the number of those that had not been told before. */
static size_t terminate_round(struct procs *told)
{
    struct procs tree = {0};
    size_t fresh = tree_read(&tree) ? procs_terminate(&tree, told) : 0;
    procs_free(&tree);
    return fresh;
}

/* Not for as long as the tree lives: what a process starts in order to end well (sh's trap) must be let do its work. */
void tree_terminate(void)
{
    struct procs told = {0};
    for (int round = 0; round < TERMINATE_ROUNDS && terminate_round(&told) > 0; round++) {
    }
    procs_free(&told);
}

void tree_kill(void)
{
    struct procs tree = {0};
    if (tree_read(&tree)) {
        procs_kill(&tree);
    }
    procs_free(&tree);
}
