#include "events.h"

#include "clock.h"
#include "parent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/* Without a descriptor that tells of the parent's end, its pid is asked for this often. */
#define PARENT_POLL_MS 200

/* Time is only waited for while a tree ends. In short pieces, so that clock.h can tell it from time that was lost. */
#define SLICE_MS 250
/* The limit of a job's time is no such end: it need not be met to the second, and nobody is to be woken four times in each. */
#define LONG_MS 60000
#define PARTS_OF_LONG 8

static const int END_SIGNALS[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
/* None of these may stop or end a guard: a closed stderr, or a terminal that belongs to somebody else. */
static const int IGNORED_SIGNALS[] = {SIGPIPE, SIGTTOU, SIGTTIN, SIGTSTP, SIGUSR2, SIGALRM};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static volatile sig_atomic_t end_signal;
static volatile sig_atomic_t kill_signal;
static int wake[2] = {-1, -1};
static sigset_t kept; /* what stays ignored */
static int parent_fd = -1;
static pid_t watched;
static bool parent_ended;

static void on_signal(int signal)
{
    int saved = errno;
    if (signal == SIGUSR1) {
        kill_signal = 1;
    } else if (signal != SIGCHLD && (end_signal == 0 || end_signal == SIGINT || end_signal == SIGQUIT)) {
        end_signal = signal;
    }
    /* A full pipe is as good a reason to wake up as one byte more. */
    ssize_t written = write(wake[1], "", 1);
    (void) written;
    errno = saved;
}

static void on(int signal, void (*handler)(int))
{
    if (sigismember(&kept, signal) == 1) {
        return;
    }
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

static bool open_wake_pipe(void)
{
    if (pipe(wake) != 0) {
        return false;
    }
    for (int end = 0; end < 2; end++) {
        fcntl(wake[end], F_SETFD, FD_CLOEXEC);
        fcntl(wake[end], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static bool catch_signals(void)
{
    if (!open_wake_pipe()) {
        return false;
    }
    for (size_t i = 0; i < COUNT(END_SIGNALS); i++) {
        on(END_SIGNALS[i], on_signal);
    }
    for (size_t i = 0; i < COUNT(IGNORED_SIGNALS); i++) {
        on(IGNORED_SIGNALS[i], SIG_IGN);
    }
    on(SIGUSR1, on_signal);
    on(SIGCHLD, on_signal);
    events_release_signals();
    return true;
}

bool events_catch_signals(void)
{
    sigemptyset(&kept);
    return catch_signals();
}

bool events_catch_signals_but_ignored(void)
{
    sigemptyset(&kept);
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction found;
        if (signal != SIGCHLD && sigaction(signal, NULL, &found) == 0 && found.sa_handler == SIG_IGN) {
            sigaddset(&kept, signal);
        }
    }
    return catch_signals();
}

void events_restore_signals(void)
{
    for (int signal = 1; signal < NSIG; signal++) {
        on(signal, SIG_DFL);
    }
    events_release_signals();
}

void events_hold_signals(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

void events_release_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

bool events_watch_parent(pid_t parent)
{
    watched = parent;
    if (parent > 0) {
        parent_fd = parent_open(parent);
    }
    /* Asked after the opening: if it is still the parent now, then what was opened is it. */
    return getppid() == parent;
}

bool events_parent_is_gone(void)
{
    return parent_ended || getppid() != watched;
}

int events_end_asked(void)
{
    return end_signal;
}

bool events_kill_asked(void)
{
    return kill_signal != 0;
}

static void drain_wake_pipe(void)
{
    char bytes[64];
    while (read(wake[0], bytes, sizeof bytes) > 0) {
    }
}

void events_wait(int64_t limit_ms)
{
    bool blind = parent_fd < 0 && watched > 0 && !events_parent_is_gone();
    if (blind && (limit_ms < 0 || limit_ms > PARENT_POLL_MS)) {
        limit_ms = PARENT_POLL_MS;
    }
    struct pollfd sources[] = {
        {.fd = wake[0], .events = POLLIN},
        {.fd = parent_fd, .events = POLLIN}, /* poll passes over -1 */
    };
    if (limit_ms > SLICE_MS) {
        limit_ms = limit_ms > LONG_MS ? limit_ms / PARTS_OF_LONG : SLICE_MS;
    }
    clock_expects_sleep(limit_ms);
    if (poll(sources, COUNT(sources), (int) limit_ms) <= 0) {
        return;
    }
    if (sources[0].revents != 0) {
        drain_wake_pipe();
    }
    if (sources[1].revents != 0) {
        parent_ended = true;
        close(parent_fd);
        parent_fd = -1;
    }
}
