#include "guard.h"

#include "child.h"
#include "clock.h"
#include "events.h"
#include "locks.h"
#include "options.h"
#include "say.h"
#include "streams.h"
#include "tree.h"
#include "wedged.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between two rounds of SIGKILL: short at first, since a tree that forks must not win; long for one that is wedged. */
#define KILL_AGAIN_MS 5
#define KILL_AGAIN_MAX_MS 500
/* As timeout(1) has it. */
#define EXIT_OVER 124

/* Only ever goes down this list. */
enum phase {
    RUNNING,     /* nothing to do but wait */
    INTERRUPTED, /* the terminal has told everybody of the process group; the command may end in its own way */
    LEFT_ALONE,  /* the parent is gone; the child has got EOF and may end by itself */
    TERMINATING, /* the tree has got SIGTERM */
    KILLING      /* the tree gets SIGKILL until nothing is left */
};

struct guard {
    const struct options *options;
    const struct locks *locks;
    enum phase phase;
    int64_t deadline;    /* of the phase; in KILLING the next round */
    int64_t kill_pause;  /* to the round after that */
    int64_t say_next_at; /* that the tree is wedged */
    int64_t limit;       /* of the whole tree's time; 0: none */
    bool is_over;        /* that time */
    pid_t child;
    bool child_ended;
    int child_status; /* as waitpid has it */
};

static void to_interrupted(struct guard *guard)
{
    guard->phase = INTERRUPTED;
    guard->deadline = now_ms() + guard->options->term_ms;
    locks_record_ending(guard->locks);
}

static void to_left_alone(struct guard *guard)
{
    guard->phase = LEFT_ALONE;
    guard->deadline = now_ms() + guard->options->eof_ms;
    locks_record_ending(guard->locks);
}

static void to_terminating(struct guard *guard)
{
    guard->phase = TERMINATING;
    guard->deadline = now_ms() + guard->options->term_ms;
    locks_record_ending(guard->locks);
    tree_terminate();
}

static void to_killing(struct guard *guard)
{
    guard->phase = KILLING;
    guard->deadline = now_ms();
    guard->kill_pause = KILL_AGAIN_MS;
    guard->say_next_at = now_ms() + WEDGED_MS;
    locks_record_ending(guard->locks);
}

static void say_if_wedged(struct guard *guard)
{
    if (now_ms() < guard->say_next_at) {
        return;
    }
    struct procs left = {0};
    if (tree_read(&left)) {
        say_wedged(&left);
    }
    procs_free(&left);
    guard->say_next_at = now_ms() + WEDGED_MS;
}

static void kill_round(struct guard *guard)
{
    tree_kill();
    say_if_wedged(guard);
    guard->deadline = now_ms() + guard->kill_pause;
    if (guard->deadline > guard->say_next_at) {
        guard->deadline = guard->say_next_at; /* whoever started this guard counts on the line coming in time */
    }
    guard->kill_pause = guard->kill_pause * 2 > KILL_AGAIN_MAX_MS ? KILL_AGAIN_MAX_MS : guard->kill_pause * 2;
}

/* SIGINT and SIGQUIT come from the terminal, and to the whole group: who stays in it has them already. */
static bool is_for_the_group(const struct guard *guard, int signal)
{
    return guard->options->stay && (signal == SIGINT || signal == SIGQUIT);
}

/* What a command leaves behind is waited for where it stays, unless it was to end. */
static bool leaves_nothing_to_wait_for(const struct guard *guard)
{
    return guard->child_ended && (!guard->options->stay || guard->phase > RUNNING);
}

/* Whether the tree is to end now. */
static bool must_end(struct guard *guard)
{
    int signal = events_end_asked();
    if (guard->limit != 0 && now_ms() >= guard->limit) {
        guard->is_over = true;
        say("over: its %lld s are over, and its tree is ended", (long long) (guard->options->limit_ms / 1000));
    }
    return guard->is_over || leaves_nothing_to_wait_for(guard) || (signal != 0 && !is_for_the_group(guard, signal));
}

/* What happened since the last look, most urgent first. */
static void react(struct guard *guard)
{
    if (guard->phase < KILLING && events_kill_asked()) {
        to_killing(guard);
    }
    if (guard->phase < TERMINATING && must_end(guard)) {
        to_terminating(guard);
    }
    if (guard->phase < INTERRUPTED && events_end_asked() != 0) {
        to_interrupted(guard);
    }
    if (guard->phase < LEFT_ALONE && events_parent_is_gone()) {
        to_left_alone(guard);
    }
    if (guard->phase == RUNNING || now_ms() < guard->deadline) {
        return;
    }
    if (guard->phase == INTERRUPTED || guard->phase == LEFT_ALONE) {
        to_terminating(guard);
    } else if (guard->phase == TERMINATING) {
        to_killing(guard);
    }
    if (guard->phase == KILLING) {
        kill_round(guard);
    }
}

static int64_t time_to_deadline(const struct guard *guard)
{
    int64_t end = guard->phase == RUNNING ? guard->limit : guard->deadline;
    if (guard->phase < TERMINATING && guard->limit != 0 && guard->limit < end) {
        end = guard->limit;
    }
    if (end == 0) {
        return -1;
    }
    int64_t left = end - now_ms();
    return left < 0 ? 0 : left;
}

/* Takes in who has ended; false once there is nobody left. An orphan of the tree is this process's child by then. */
static bool reap(struct guard *guard)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == guard->child) {
            guard->child_ended = true;
            guard->child_status = status;
        }
    }
    return pid == 0 || errno != ECHILD;
}

static int watch_over(struct guard *guard)
{
    while (reap(guard)) {
        react(guard);
        events_wait(time_to_deadline(guard));
    }
    return guard->is_over ? EXIT_OVER : child_exit_status(guard->child_status);
}

/* What is opened later must not take the place of a standard stream that was closed. */
static void fill_standard_streams(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO) {
        close(fd);
    }
}

/* False when the parent that this guard was started for has ended already. */
static bool has_its_parent(const struct options *options)
{
    if (events_watch_parent(options->parent != 0 ? options->parent : getppid())) {
        return true;
    }
    say("its parent, pid %ld, is gone", (long) options->parent);
    return false;
}

/* Without that word whoever started this guard takes its status for its own, and not for the command's. */
static void tell_of_start(const struct options *options)
{
    if (options->tell >= 0) {
        ssize_t written = write(options->tell, "s", 1);
        (void) written;
        close(options->tell);
    }
}

static int start_and_watch(const struct options *options, const struct locks *locks)
{
    if (events_parent_is_gone() || events_end_asked() != 0) {
        return events_end_asked() != 0 ? 128 + events_end_asked() : EXIT_CANNOT;
    }
    locks_record(locks);
    struct guard guard = {.options = options, .locks = locks, .phase = RUNNING};
    guard.child = child_start(options->command, options->stay);
    if (options->limit_ms > 0) {
        guard.limit = now_ms() + options->limit_ms;
    }
    if (guard.child > 0) {
        tell_of_start(options);
    }
    int status = guard.child < 0 ? 126 : watch_over(&guard);
    locks_record_end(locks);
    return status;
}

static int run_guard(const struct options *options)
{
    fill_standard_streams();
    if (options->tell >= 0) {
        fcntl(options->tell, F_SETFD, FD_CLOEXEC); /* this guard's alone */
    }
    if (!(options->stay ? events_catch_signals_but_ignored() : events_catch_signals())) {
        say("cannot watch: %s", strerror(errno));
        return EXIT_CANNOT;
    }
    if (!has_its_parent(options)) {
        return EXIT_CANNOT;
    }
    /* before all that may take long: whoever listens waits for it */
    if (options->streams != NULL && !streams_connect(options->streams)) {
        return EXIT_CANNOT;
    }
    struct locks locks = {0};
    int status = locks_take(&locks, options);
    if (status == 0) {
        tree_adopt_orphans();
        status = start_and_watch(options, &locks);
    }
    free(locks.all); /* the descriptors, and with them the locks, are let go by the exit */
    return status;
}

int guard_main(int count, char **arguments)
{
    struct options options;
    if (!options_read(&options, count, arguments)) {
        return 2;
    }
    int status = run_guard(&options);
    free(options.locks);
    return status;
}
