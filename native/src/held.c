#include "held.h"

#include "say.h"

#include <time.h>

void say_held(const char *path, const struct proc *holder)
{
    if (holder == NULL) {
        say("held %s by a process that can't be seen from here (of another user, container or machine)", path);
        return;
    }
    char command[512];
    char since[32] = "?";
    time_t started = proc_since(holder);
    struct tm utc;
    if (started != 0 && gmtime_r(&started, &utc) != NULL) {
        strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    proc_command(holder->pid, command, sizeof command);
    say("held %s by pid %ld since %s: %s", path, (long) holder->pid, since, command);
}
