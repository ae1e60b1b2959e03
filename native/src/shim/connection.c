#include "connection.h"

#include "json_strict.h"
#include "steady.h"
#include "unix_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_ANSWER (16u << 20)
/* The listener's queue is full, and Linux tells nobody when it is not. */
#define BACKLOG_FULL_MS 10

int connection_open(const char *path, int64_t limit_ms)
{
    int64_t end = steady_ms() + limit_ms;
    int fd = unix_socket_connect(path);
    while (fd < 0 && (errno == EAGAIN || errno == EINTR) && steady_ms() < end) {
        poll(NULL, 0, BACKLOG_FULL_MS);
        fd = unix_socket_connect(path);
    }
    return fd;
}

/* True once the socket is ready for `events`; false with ETIMEDOUT at the end of the time, with ECANCELED if `wanted` ended. */
static bool await(int fd, short events, int wanted, int64_t end)
{
    for (;;) {
        struct pollfd both[2] = {{.fd = fd, .events = events}, {.fd = wanted, .events = POLLIN}};
        int ready = poll(both, 2, steady_left(end));
        if (ready > 0 && both[1].revents != 0) {
            errno = ECANCELED;
            return false;
        }
        if (ready > 0) {
            return true;
        }
        if (ready == 0) {
            errno = ETIMEDOUT;
            return false;
        }
        if (errno != EINTR) {
            return false;
        }
    }
}

static bool send_all(int fd, int wanted, struct slice words, int64_t end)
{
    while (words.length > 0) {
        ssize_t sent = send(fd, words.at, words.length, MSG_DONTWAIT | UNIX_SOCKET_NO_SIGNAL);
        if (sent > 0) {
            words.at += sent;
            words.length -= (size_t) sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!await(fd, POLLOUT, wanted, end)) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Up to the end of a line and what came along with it. */
static bool read_line(int fd, int wanted, struct text *said, int64_t end)
{
    char chunk[16384];
    while (said->length <= LONGEST_ANSWER) {
        if (!await(fd, POLLIN, wanted, end)) {
            return false;
        }
        ssize_t got = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? ECONNRESET : errno;
            return false;
        }
        text_add_bytes(said, chunk, (size_t) got);
        if (memchr(chunk, '\n', (size_t) got) != NULL) {
            return true;
        }
    }
    errno = EMSGSIZE;
    return false;
}

enum asked connection_exchange(int fd, int wanted, struct slice words, int64_t limit_ms, struct text *said)
{
    int64_t end = steady_ms() + limit_ms;
    if (send_all(fd, wanted, words, end) && read_line(fd, wanted, said, end)) {
        return ASKED_ANSWERED;
    }
    return errno == ETIMEDOUT ? ASKED_SILENT : ASKED_GONE;
}

/* The part of a method's name behind the slash names the request. */
static char *request_of(const char *method, const char *params)
{
    const char *slash = strrchr(method, '/');
    struct text request = {0};
    text_format(&request, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-%s\",\"method\":\"%s\",\"params\":%s}\n", slash == NULL ? method : slash + 1,
                method, params);
    return text_take(&request);
}

enum asked connection_ask(int fd, int wanted, const char *method, const char *params, int64_t limit_ms, char **line,
                          struct slice *answer)
{
    char *request = request_of(method, params);
    struct text text = {0};
    enum asked result = connection_exchange(fd, wanted, slice_of(request), limit_ms, &text);
    free(request);
    /* What comes behind the line is lost: nobody says more than was asked. */
    struct slice first = {.at = text_chars(&text), .length = strcspn(text_chars(&text), "\n")};
    if (result == ASKED_ANSWERED && !json_strict_read(first, answer)) {
        result = ASKED_GONE;
    }
    if (result == ASKED_ANSWERED) {
        *line = text_take(&text); /* the bytes stay where they are */
    }
    text_free(&text);
    return result;
}
