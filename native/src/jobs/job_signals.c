#include "job_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int ENDING[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
#define COUNT (sizeof ENDING / sizeof *ENDING)

static volatile sig_atomic_t came[COUNT];
static struct sigaction before[COUNT];
static struct sigaction child_before;
static struct sigaction pipe_before;
static int wake[2] = {-1, -1};

static void on_signal(int signal)
{
    int saved = errno;
    for (size_t i = 0; i < COUNT; i++) {
        if (ENDING[i] == signal) {
            came[i] = 1;
        }
    }
    /* A full pipe is as good a reason to wake up as one byte more. */
    ssize_t written = write(wake[1], "", 1);
    (void) written;
    errno = saved;
}

bool job_signals_catch(void)
{
    if (pipe(wake) != 0) {
        return false;
    }
    for (int end = 0; end < 2; end++) {
        fcntl(wake[end], F_SETFD, FD_CLOEXEC);
        fcntl(wake[end], F_SETFL, O_NONBLOCK);
    }
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigemptyset(&ignore.sa_mask);
    for (size_t i = 0; i < COUNT; i++) {
        sigaction(ENDING[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) {
            sigaction(ENDING[i], &action, NULL);
        }
    }
    sigaction(SIGCHLD, &action, &child_before);
    sigaction(SIGPIPE, &ignore, &pipe_before);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return true;
}

int job_signals_descriptor(void)
{
    return wake[0];
}

int job_signals_take(void)
{
    char bytes[64];
    while (read(wake[0], bytes, sizeof bytes) > 0) {
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (came[i]) {
            came[i] = 0;
            return ENDING[i];
        }
    }
    return 0;
}

void job_signals_restore(void)
{
    for (size_t i = 0; i < COUNT; i++) {
        sigaction(ENDING[i], &before[i], NULL);
    }
    sigaction(SIGCHLD, &child_before, NULL);
    sigaction(SIGPIPE, &pipe_before, NULL);
}
