#include "offspring.h"

#include <signal.h>
#include <stddef.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif
#include <unistd.h>

/* Where the system does not tell how many descriptors there can be. */
#define USUAL_DESCRIPTORS 1024
#define MOST_DESCRIPTORS 65536

void offspring_close_from(int first)
{
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, (unsigned) first, ~0u, 0) == 0) {
        return;
    }
#endif
    long most = sysconf(_SC_OPEN_MAX);
    most = most < 0 ? USUAL_DESCRIPTORS : most > MOST_DESCRIPTORS ? MOST_DESCRIPTORS : most;
    for (int fd = first; fd < most; fd++) {
        close(fd);
    }
}

void offspring_forget_signals(void)
{
    static const int inherited[] = {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGALRM, SIGUSR1, SIGUSR2};
    for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++) {
        signal(inherited[i], SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
