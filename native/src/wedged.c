#include "wedged.h"

#include "say.h"

/* The first that is in uninterruptible sleep, else the first: the others may only be waiting for it. */
static const struct proc *culprit(const struct procs *left)
{
    for (size_t i = 0; i < left->count; i++) {
        if (left->all[i].state == 'D') {
            return &left->all[i];
        }
    }
    return &left->all[0];
}

void say_wedged(const struct procs *left)
{
    if (left->count == 0) {
        return;
    }
    const struct proc *one = culprit(left);
    char waits_on[64];
    char name[64];
    proc_waits_on(one->pid, waits_on, sizeof waits_on);
    proc_short_name(one->pid, name, sizeof name); /* not the command line: reading it could wedge this process too */
    say("wedged pid %ld (%c, %s, %s)", (long) one->pid, one->state, waits_on, name);
}
