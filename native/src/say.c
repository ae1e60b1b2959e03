#include "say.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_LIMIT 2048

static bool takes_bytes_now(int fd)
{
    struct pollfd out = {.fd = fd, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLOUT);
}

/*
 * O_NONBLOCK belongs to the open file, which the child shares, so it can't be set on descriptor 2 itself. Linux gives a
 * second opening of the same pipe or terminal; elsewhere, asking poll first has to do.
 */
static bool write_through_own_opening(const char *line, size_t length)
{
#if defined(__linux__)
    int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own >= 0) {
        ssize_t written = write(own, line, length);
        (void) written;
        close(own);
        return true;
    }
#else
    (void) line;
    (void) length;
#endif
    return false;
}

static void write_line(const char *line, size_t length)
{
    struct stat file;
    if (fstat(STDERR_FILENO, &file) != 0) {
        return;
    }
    if (S_ISSOCK(file.st_mode)) {
        if (send(STDERR_FILENO, line, length, MSG_DONTWAIT) >= 0) {
            return;
        }
    } else if ((S_ISFIFO(file.st_mode) || S_ISCHR(file.st_mode)) && write_through_own_opening(line, length)) {
        return;
    }
    if (takes_bytes_now(STDERR_FILENO)) {
        ssize_t written = write(STDERR_FILENO, line, length);
        (void) written;
    }
}

void say(const char *format, ...)
{
    char line[LINE_LIMIT];
    int start = snprintf(line, sizeof line, "mpx-guard: ");
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(line + start, sizeof line - (size_t) start - 1, format, arguments);
    va_end(arguments);
    if (wanted < 0) {
        return;
    }
    size_t length = strlen(line);
    for (size_t i = 0; i < length; i++) {
        /* A command line may hold anything, and this is promised to be one line. */
        if ((unsigned char) line[i] < ' ' || line[i] == 0x7f) {
            line[i] = ' ';
        }
    }
    line[length++] = '\n';
    write_line(line, length);
}
