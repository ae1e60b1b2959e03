#include "errand.h"

#include "offspring.h"
#include "steady.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The first byte says how it went, and carries the connection; the words follow up to the end. */
#define FIRST_OUTCOME 'a'
#define STAYS 0x20
#define MOST_WORDS ((size_t) 16 << 20)
#define HOME (STDERR_FILENO + 1)
/* A process that has said its last ends at once; one that nobody waits for any more, when it sees that. */
#define END_LIMIT_MS 20
#define SETTLE_LIMIT_MS 40

/* Of the one that is under way; -1: none. */
static int under_way = -1;

void errand_init(struct errand *errand)
{
    *errand = (struct errand){.fd = -1, .brought = -1};
}

/* All that have ended. False once there is none left. */
static bool reap(void)
{
    pid_t ended;
    do {
        ended = waitpid(-1, NULL, WNOHANG);
    } while (ended > 0);
    return ended == 0;
}

/* This one alone, which is about to end. */
static void reap_process(pid_t process)
{
    int64_t end = steady_ms() + END_LIMIT_MS;
    while (waitpid(process, NULL, WNOHANG) == 0 && steady_left(end) > 0) {
        poll(NULL, 0, 1);
    }
}

static void hang_up(struct errand *errand)
{
    if (errand->fd >= 0) {
        close(errand->fd);
    }
    errand->fd = -1;
    under_way = -1;
}

static void run(errand_work *work, const void *task, int home)
{
    setsid(); /* what ends the agent's processes as a group does not leave half a link behind */
    offspring_forget_signals();
    signal(SIGPIPE, SIG_IGN);
    dup2(home, HOME);
    fcntl(HOME, F_SETFD, FD_CLOEXEC);
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        dup2(nothing, fd);
    }
    offspring_close_from(HOME + 1);
    work(task, HOME);
    _exit(0);
}

bool errand_begin(struct errand *errand, errand_work *work, const void *task)
{
    int ends[2];
    errand_end(errand);
    errand->said.length = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return false;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pid_t process = fork();
    if (process == 0) {
        run(work, task, ends[1]);
    }
    int cause = errno;
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        errno = cause;
        return false;
    }
    errand->fd = ends[0];
    errand->process = process;
    under_way = ends[0];
    return true;
}

/* Takes the connection that comes along with the bytes, if there is one. */
static ssize_t receive(struct errand *errand, char *bytes, size_t room)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec into = {.iov_base = bytes, .iov_len = room};
    struct msghdr message = {.msg_iov = &into, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t got = recvmsg(errand->fd, &message, 0);
    struct cmsghdr *more = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (more != NULL && more->cmsg_level == SOL_SOCKET && more->cmsg_type == SCM_RIGHTS && errand->brought < 0) {
        memcpy(&errand->brought, CMSG_DATA(more), sizeof errand->brought);
        fcntl(errand->brought, F_SETFD, FD_CLOEXEC);
    }
    return got;
}

enum errand_outcome errand_step(struct errand *errand)
{
    char chunk[4096];
    ssize_t got;
    while ((got = receive(errand, chunk, sizeof chunk)) > 0 && errand->said.length <= MOST_WORDS) {
        text_add_bytes(&errand->said, chunk, (size_t) got);
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return ERRAND_RUNS;
    }
    hang_up(errand);
    bool stays = errand->said.length > 0 && errand->said.bytes[0] < FIRST_OUTCOME;
    if (!stays) {
        reap_process(errand->process);
    }
    if (errand->said.length == 0) {
        return ERRAND_GONE;
    }
    int outcome = errand->said.bytes[0] + (stays ? STAYS : 0) - FIRST_OUTCOME;
    errand->said.length--;
    memmove(errand->said.bytes, errand->said.bytes + 1, errand->said.length + 1);
    return outcome == ERRAND_FOUND && errand->brought < 0 ? ERRAND_GONE : (enum errand_outcome) outcome;
}

void errand_end(struct errand *errand)
{
    hang_up(errand);
    if (errand->brought >= 0) {
        close(errand->brought);
    }
    errand->brought = -1;
    reap();
}

void errand_settle(void)
{
    if (under_way >= 0) {
        close(under_way);
        under_way = -1;
    }
    int64_t end = steady_ms() + SETTLE_LIMIT_MS;
    while (reap() && steady_left(end) > 0) {
        poll(NULL, 0, 1);
    }
}

/* ---- in the process that does it */

static bool send_first(int home, char outcome, int connection)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.bytes = {0}};
    struct iovec from = {.iov_base = &outcome, .iov_len = 1};
    struct msghdr message = {.msg_iov = &from, .msg_iovlen = 1};
    if (connection >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *more = CMSG_FIRSTHDR(&message);
        more->cmsg_level = SOL_SOCKET;
        more->cmsg_type = SCM_RIGHTS;
        more->cmsg_len = CMSG_LEN(sizeof connection);
        memcpy(CMSG_DATA(more), &connection, sizeof connection);
    }
    return sendmsg(home, &message, 0) == 1;
}

void errand_tell(int home, enum errand_outcome outcome, struct slice words, int connection, bool stays)
{
    bool heard = send_first(home, (char) (FIRST_OUTCOME + (int) outcome - (stays ? STAYS : 0)), connection);
    while (heard && words.length > 0) {
        ssize_t written = write(home, words.at, words.length);
        heard = written > 0 || (written < 0 && errno == EINTR);
        words.at += written > 0 ? written : 0;
        words.length -= written > 0 ? (size_t) written : 0;
    }
    if (connection >= 0) {
        close(connection);
    }
    close(home);
}
