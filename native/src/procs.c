#include "procs.h"

#include <signal.h>
#include <stdlib.h>

static int by_pid(const void *left, const void *right)
{
    pid_t a = ((const struct proc *) left)->pid;
    pid_t b = ((const struct proc *) right)->pid;
    return (a > b) - (a < b);
}

bool procs_add(struct procs *list, const struct proc *one)
{
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 64 : list->room * 2;
        struct proc *all = realloc(list->all, room * sizeof *all);
        if (all == NULL) {
            return false;
        }
        list->all = all;
        list->room = room;
    }
    list->all[list->count++] = *one;
    return true;
}

bool procs_has(const struct procs *list, const struct proc *one)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->all[i].pid == one->pid && list->all[i].start == one->start) {
            return true;
        }
    }
    return false;
}

void procs_free(struct procs *list)
{
    free(list->all);
    *list = (struct procs){0};
}

static bool add_if_there(pid_t pid, void *context)
{
    struct proc one;
    return !proc_read(pid, &one) || procs_add(context, &one);
}

bool procs_read(struct procs *list)
{
    if (!proc_each(add_if_there, list)) {
        return false;
    }
    if (list->count > 1) {
        qsort(list->all, list->count, sizeof *list->all, by_pid);
    }
    return true;
}

const struct proc *procs_find(const struct procs *sorted, pid_t pid)
{
    struct proc wanted = {.pid = pid};
    return sorted->count == 0 ? NULL : bsearch(&wanted, sorted->all, sorted->count, sizeof wanted, by_pid);
}

/* One generation more; false when nobody was added. */
static bool mark_children(const struct procs *sorted, bool *marked)
{
    bool added = false;
    for (size_t i = 0; i < sorted->count; i++) {
        const struct proc *parent = procs_find(sorted, sorted->all[i].parent);
        if (!marked[i] && parent != NULL && marked[parent - sorted->all]) {
            marked[i] = true;
            added = true;
        }
    }
    return added;
}

bool procs_with_descendants(const struct procs *sorted, const struct procs *roots, struct procs *out)
{
    bool *marked = calloc(sorted->count + 1, sizeof *marked);
    if (marked == NULL) {
        return false;
    }
    for (size_t i = 0; i < roots->count; i++) {
        const struct proc *root = procs_find(sorted, roots->all[i].pid);
        if (root != NULL && root->start == roots->all[i].start) {
            marked[root - sorted->all] = true;
        }
    }
    while (mark_children(sorted, marked)) {
    }
    bool done = true;
    for (size_t i = 0; i < sorted->count && done; i++) {
        done = !marked[i] || procs_add(out, &sorted->all[i]);
    }
    free(marked);
    return done;
}

size_t procs_terminate(const struct procs *list, struct procs *told)
{
    size_t fresh = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!procs_has(told, &list->all[i]) && procs_add(told, &list->all[i])) {
            proc_signal(&list->all[i], SIGTERM);
            proc_signal(&list->all[i], SIGCONT);
            fresh++;
        }
    }
    return fresh;
}

void procs_kill(const struct procs *list)
{
    for (size_t i = 0; i < list->count; i++) {
        proc_signal(&list->all[i], SIGKILL);
    }
}
