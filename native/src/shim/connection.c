#include "connection.h"

#include "json_strict.h"
#include "unix_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LONGEST_ANSWER (16u << 20)
/* The listener's queue is full, and Linux tells nobody when it is not. */
#define BACKLOG_FULL_MS 10

/* Not the guard's clock, which stands still while the machine sleeps: it is asked too often for that. */
static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int connection_open(const char *path, int64_t limit_ms)
{
    int64_t end = clock_ms() + limit_ms;
    int fd = unix_socket_connect(path);
    while (fd < 0 && (errno == EAGAIN || errno == EINTR) && clock_ms() < end) {
        poll(NULL, 0, BACKLOG_FULL_MS);
        fd = unix_socket_connect(path);
    }
    return fd;
}

/* True once the socket is ready for `events`; false, with ETIMEDOUT, at the end of the time. */
static bool await(int fd, short events, int64_t end)
{
    for (;;) {
        int64_t left = end - clock_ms();
        struct pollfd it = {.fd = fd, .events = events};
        int ready = poll(&it, 1, left > 0 ? (int) left : 0);
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

static bool send_all(int fd, const char *bytes, size_t length, int64_t end)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, UNIX_SOCKET_NO_SIGNAL);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t) sent;
        } else if (errno == EAGAIN) {
            if (!await(fd, POLLOUT, end)) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Up to the line's end, which is left out. What comes behind it is lost: nobody says more than was asked. */
static bool read_line(int fd, struct text *line, int64_t end)
{
    char chunk[16384];
    while (line->length <= LONGEST_ANSWER) {
        if (!await(fd, POLLIN, end)) {
            return false;
        }
        ssize_t got = recv(fd, chunk, sizeof chunk, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? ECONNRESET : errno;
            return false;
        }
        const char *newline = memchr(chunk, '\n', (size_t) got);
        text_add_bytes(line, chunk, newline == NULL ? (size_t) got : (size_t) (newline - chunk));
        if (newline != NULL) {
            return true;
        }
    }
    errno = EMSGSIZE;
    return false;
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

enum asked connection_ask(int fd, const char *method, const char *params, int64_t limit_ms, char **line, struct slice *answer)
{
    int64_t end = clock_ms() + limit_ms;
    char *request = request_of(method, params);
    struct text text = {0};
    bool answered = send_all(fd, request, strlen(request), end) && read_line(fd, &text, end);
    enum asked result = answered ? ASKED_ANSWERED : errno == ETIMEDOUT ? ASKED_SILENT : ASKED_GONE;
    free(request);
    if (answered && !json_strict_read((struct slice){.at = text_chars(&text), .length = text.length}, answer)) {
        result = ASKED_GONE;
    }
    if (result == ASKED_ANSWERED) {
        *line = text_take(&text); /* the bytes stay where they are */
    }
    text_free(&text);
    return result;
}
