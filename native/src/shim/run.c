#include "run.h"

#include "child.h"
#include "offspring.h"
#include "steady.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often it is looked whether the program has ended: it may have left its output to somebody else. */
#define LOOK_MS 50
#define LOOK_SOON_MS 2
#define TERM_MS 500
#define MOST_SAID ((size_t) 256 << 10)
#define CANNOT_RUN 126

struct ends {
    int out[2];
    int err[2];
};

static void close_both(int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static bool open_ends(struct ends *ends)
{
    if (pipe(ends->out) != 0) {
        return false;
    }
    if (pipe(ends->err) != 0) {
        close_both(ends->out);
        return false;
    }
    fcntl(ends->out[0], F_SETFL, O_NONBLOCK);
    fcntl(ends->err[0], F_SETFL, O_NONBLOCK);
    return true;
}

static void become(char *const *argv, const struct ends *ends)
{
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(ends->out[1], STDOUT_FILENO);
    dup2(ends->err[1], STDERR_FILENO);
    offspring_close_from(STDERR_FILENO + 1);
    offspring_forget_signals();
    execv(argv[0], argv);
    _exit(CANNOT_RUN);
}

/* False at the end. What is beyond measure is read, and forgotten. */
static bool take(int fd, struct text *into)
{
    char chunk[4096];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        if (into->length < MOST_SAID) {
            text_add_bytes(into, chunk, (size_t) got);
        }
    }
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

static bool has_ended(pid_t program, int *status)
{
    pid_t ended;
    do {
        ended = waitpid(program, status, WNOHANG);
    } while (ended < 0 && errno == EINTR);
    return ended != 0;
}

static void put_an_end_to(pid_t program)
{
    int status;
    int64_t end = steady_ms() + TERM_MS;
    kill(program, SIGTERM);
    while (!has_ended(program, &status)) {
        if (steady_ms() >= end) {
            kill(program, SIGKILL);
            waitpid(program, &status, 0);
            return;
        }
        poll(NULL, 0, LOOK_SOON_MS);
    }
}

static enum run_outcome attend(struct run *out, pid_t program, const struct ends *ends, int wanted, int64_t end_ms)
{
    bool more_out = true;
    bool more_err = true;
    int status = 0;
    while (!has_ended(program, &status)) {
        int left = steady_left(end_ms);
        int look = more_out ? LOOK_MS : LOOK_SOON_MS;
        struct pollfd fds[3] = {{.fd = more_out ? ends->out[0] : -1, .events = POLLIN},
                                {.fd = more_err ? ends->err[0] : -1, .events = POLLIN},
                                {.fd = wanted, .events = POLLIN}};
        poll(fds, 3, left < look ? left : look);
        more_out = more_out && take(ends->out[0], &out->out);
        more_err = more_err && take(ends->err[0], &out->err);
        bool unwanted = fds[2].revents != 0;
        if (unwanted || steady_left(end_ms) == 0) {
            put_an_end_to(program);
            return unwanted ? RUN_UNWANTED : RUN_LATE;
        }
    }
    take(ends->out[0], &out->out);
    take(ends->err[0], &out->err);
    out->status = child_exit_status(status);
    return RUN_ENDED;
}

enum run_outcome run_program(struct run *out, char *const *argv, int wanted, int64_t end_ms)
{
    struct ends ends;
    *out = (struct run){0};
    if (!open_ends(&ends)) {
        return RUN_IMPOSSIBLE;
    }
    pid_t program = fork();
    if (program == 0) {
        become(argv, &ends);
    }
    close(ends.out[1]);
    close(ends.err[1]);
    enum run_outcome outcome = program < 0 ? RUN_IMPOSSIBLE : attend(out, program, &ends, wanted, end_ms);
    close(ends.out[0]);
    close(ends.err[0]);
    return outcome;
}

void run_free(struct run *run)
{
    text_free(&run->out);
    text_free(&run->err);
}
