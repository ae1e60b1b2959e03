#include "reap.h"

#include "command.h"
#include "complain.h"
#include "duration.h"
#include "jobs_setting.h"
#include "orphans.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void tell(const char *what, const struct proc *one)
{
    struct text line = {0};
    text_add(&line, what);
    orphan_describe(one, &line);
    complain(text_chars(&line));
    text_free(&line);
}

static void tell_of_none(const struct target *target, int64_t age_ms, const struct procs *all)
{
    struct text line = {0};
    text_format(&line, "there is no orphaned mine of %s that is ", target->palace != NULL ? target->palace : target->home);
    duration_add(&line, age_ms);
    text_add(&line, " old");
    complain(text_chars(&line));
    text_free(&line);
    for (size_t i = 0; i < all->count; i++) {
        tell("left alone, since it is younger: ", &all->all[i]);
    }
}

static int end_those(const struct target *target, int64_t age_ms, bool tells_of_none)
{
    struct procs old = {0};
    struct procs all = {0};
    bool done = orphans_find(target, age_ms, &old) && (!tells_of_none || old.count > 0 || orphans_find(target, 0, &all));
    if (!done) {
        complain(strerror(errno));
    } else if (old.count == 0 && tells_of_none) {
        tell_of_none(target, age_ms, &all);
    }
    for (size_t i = 0; done && i < old.count; i++) {
        tell("ends an orphaned mine, ", &old.all[i]);
    }
    if (done && old.count > 0) {
        orphans_end(&old);
    }
    procs_free(&old);
    procs_free(&all);
    return done ? WELL : DEGRADED;
}

int reap(const struct target *target, bool tells_of_none)
{
    int64_t age_ms;
    char *error = NULL;
    if (!jobs_setting_orphans(target->home, &age_ms, &error)) {
        complain(error);
        free(error);
        return DEGRADED;
    }
    return end_those(target, age_ms, tells_of_none);
}
