#include "child.h"

#include "events.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* True once the kernel will kill this process when its parent ends. The guard has one thread, so it means its end. */
static bool bind_to(pid_t guard)
{
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
    /* It may have ended before that took effect. Elsewhere than on Linux this is all there is. */
    return getppid() == guard;
}

static _Noreturn void become(char *const *command, pid_t guard, bool stay)
{
    if (!bind_to(guard)) {
        _exit(128 + SIGKILL);
    }
    if (!stay) {
        setsid();
    }
    events_restore_signals();
    execvp(command[0], command);
    int why = errno;
    say("cannot run %s: %s", command[0], strerror(why));
    _exit(why == ENOENT || why == ENOTDIR ? 127 : 126);
}

pid_t child_start(char *const *command, bool stay)
{
    pid_t guard = getpid();
    events_hold_signals(); /* what comes before exec is for the child to get, not for the guard's handlers in it */
    pid_t child = fork();
    if (child == 0) {
        become(command, guard, stay);
    }
    int why = errno;
    events_release_signals();
    if (child > 0) {
        child_has_stdin_and_stdout();
    } else {
        say("cannot run %s: %s", command[0], strerror(why));
    }
    return child;
}

void child_has_stdin_and_stdout(void)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) {
        close(STDIN_FILENO);
        close(STDOUT_FILENO);
        return;
    }
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    close(nothing);
}

int child_exit_status(int ended)
{
    return WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
}
