#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PIPE_BUF
#define PIPE_BUF 512
#endif
#ifdef MSG_NOSIGNAL
#define SEND_FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL)
#else
#define SEND_FLAGS MSG_DONTWAIT /* SIGPIPE is ignored anyway */
#endif

static bool is_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) != 0;
}

static bool is_of_kind(int fd, mode_t kind)
{
    struct stat file;
    return fstat(fd, &file) == 0 && (file.st_mode & S_IFMT) == kind;
}

struct wire wire_of_input(int fd)
{
    return (struct wire){.fd = fd, .is_socket = is_of_kind(fd, S_IFSOCK)};
}

static bool reopen_nonblocking(int fd)
{
#if defined(__linux__)
    char path[] = "/proc/self/fd/0";
    path[sizeof path - 2] = (char) ('0' + fd);
    int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own < 0) {
        return false;
    }
    bool replaced = dup2(own, fd) == fd;
    close(own);
    return replaced;
#else
    (void) fd;
    return false;
#endif
}

struct wire wire_of_output(int fd)
{
    struct wire wire = {.fd = fd, .is_socket = is_of_kind(fd, S_IFSOCK)};
    bool may_block = is_of_kind(fd, S_IFIFO) || is_of_kind(fd, S_IFCHR);
    if (may_block && !is_nonblocking(fd) && !reopen_nonblocking(fd)) {
        wire.most_at_once = PIPE_BUF;
    }
    return wire;
}

struct wire wire_of_socket(int fd)
{
    return (struct wire){.fd = fd, .is_socket = true};
}

static enum wire_result result_of(ssize_t got, size_t *count)
{
    *count = got > 0 ? (size_t) got : 0;
    if (got > 0) {
        return WIRE_DONE;
    }
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? WIRE_LATER : WIRE_ENDED;
}

enum wire_result wire_read(const struct wire *wire, char *into, size_t room, size_t *count)
{
    return result_of(wire->is_socket ? recv(wire->fd, into, room, MSG_DONTWAIT) : read(wire->fd, into, room), count);
}

enum wire_result wire_write(const struct wire *wire, bool ready, const char *bytes, size_t length, size_t *count)
{
    *count = 0;
    if (length == 0) {
        return WIRE_DONE;
    }
    if (wire->most_at_once > 0) {
        if (!ready) {
            return WIRE_LATER;
        }
        length = length < wire->most_at_once ? length : wire->most_at_once;
    }
    ssize_t written = wire->is_socket ? send(wire->fd, bytes, length, SEND_FLAGS) : write(wire->fd, bytes, length);
    return result_of(written, count);
}
