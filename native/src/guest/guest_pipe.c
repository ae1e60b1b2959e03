#include "guest_pipe.h"

#include "unix_socket.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef PIPE_BUF
#define PIPE_BUF 512
#endif
#define ROOM (64u << 10)

/*
 * Standard input and output are somebody else's, too, so they are left blocking. They are touched once poll(2) says so, and then
 * nothing blocks: a read takes what is there, and a pipe that is ready takes PIPE_BUF bytes.
 */
struct flow {
    char bytes[ROOM];
    size_t from;
    size_t to;
    bool ended; /* nothing more is read */
};

/* 0: nothing for now. */
enum { NOTHING = 0, BROKEN = -1, ENDED = -2 };

static bool is_for_now(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int fill(struct flow *flow, int fd)
{
    ssize_t got = read(fd, flow->bytes, ROOM);
    if (got > 0) {
        flow->from = 0;
        flow->to = (size_t) got;
        return 1;
    }
    return got == 0 ? ENDED : is_for_now() ? NOTHING : BROKEN;
}

static int pour(struct flow *flow, ssize_t written)
{
    flow->from += written > 0 ? (size_t) written : 0;
    return written >= 0 || is_for_now() ? 1 : BROKEN;
}

static bool has(const struct flow *flow)
{
    return flow->from < flow->to;
}

static ssize_t to_output(const struct flow *flow)
{
    size_t length = flow->to - flow->from;
    return write(STDOUT_FILENO, flow->bytes + flow->from, length < PIPE_BUF ? length : PIPE_BUF);
}

static ssize_t to_daemon(const struct flow *flow, int daemon)
{
    return send(daemon, flow->bytes + flow->from, flow->to - flow->from, MSG_DONTWAIT | UNIX_SOCKET_NO_SIGNAL);
}

/* What comes in goes to the daemon. When either breaks off, the other direction sees that, too. */
static void step_up(struct flow *up, int daemon, bool readable, bool writable)
{
    if (readable && !has(up)) {
        int got = fill(up, STDIN_FILENO);
        up->ended = got < 0;
        if (got == ENDED) {
            shutdown(daemon, SHUT_WR);
        }
    }
    if (writable && has(up) && pour(up, to_daemon(up, daemon)) == BROKEN) {
        up->from = up->to;
        up->ended = true;
    }
}

/* False once it is over, with *well. */
static bool step_down(struct flow *down, int daemon, bool readable, bool writable, bool *well)
{
    if (readable && !has(down)) {
        int got = fill(down, daemon);
        *well = got != BROKEN;
        if (got < 0) {
            return false;
        }
    }
    if (writable && has(down) && pour(down, to_output(down)) == BROKEN) {
        *well = false;
        return false;
    }
    return true;
}

bool guest_pipe(int daemon)
{
    static struct flow up;
    static struct flow down;
    bool well = true;
    for (bool goes_on = true; goes_on;) {
        short of_daemon = (short) ((has(&down) ? 0 : POLLIN) | (has(&up) ? POLLOUT : 0));
        struct pollfd fds[3] = {{.fd = up.ended || has(&up) ? -1 : STDIN_FILENO, .events = POLLIN},
                                {.fd = of_daemon == 0 ? -1 : daemon, .events = of_daemon},
                                {.fd = has(&down) ? STDOUT_FILENO : -1, .events = POLLOUT}};
        if (poll(fds, 3, -1) < 0 && errno != EINTR) {
            well = false;
            break;
        }
        bool hung = (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
        bool from_daemon = (of_daemon & POLLIN) != 0 && (hung || (fds[1].revents & POLLIN) != 0);
        step_up(&up, daemon, fds[0].revents != 0, hung || (fds[1].revents & POLLOUT) != 0);
        goes_on = step_down(&down, daemon, from_daemon, fds[2].revents != 0, &well);
    }
    int cause = errno;
    close(daemon);
    errno = cause;
    return well;
}
