#include "held.h"

#include "locks.h"
#include "say.h"

#include <string.h>
#include <time.h>

bool is_guard_of_job(const struct proc *holder)
{
    char command[512];
    proc_command(holder->pid, command, sizeof command);
    /* What stands behind "--" is the job's own command line. */
    char *end = strstr(command, " -- ");
    if (end != NULL) {
        *end = '\0';
    }
    const char *options = strstr(command, " guard ");
    return options != NULL && strstr(options, " --job ") != NULL;
}

int say_held(const char *path, const struct proc *holder)
{
    if (holder == NULL) {
        say("held %s by a process that can't be seen from here (of another user, container or machine)", path);
        return EXIT_HELD;
    }
    char command[1024];
    char since[32] = "?";
    time_t started = proc_since(holder);
    struct tm utc;
    if (started != 0 && gmtime_r(&started, &utc) != NULL) {
        strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    proc_command(holder->pid, command, sizeof command);
    bool lent = is_guard_of_job(holder);
    say("%s %s %s pid %ld since %s: %s", lent ? "lent" : "held", path, lent ? "to" : "by", (long) holder->pid, since, command);
    return lent ? EXIT_LENT : EXIT_HELD;
}
