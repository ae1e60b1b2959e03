#include "complain.h"

#include "json.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* What a pipe that poll calls writable takes without waiting (POSIX: PIPE_BUF, 512 at least; Linux 4096). */
#define PORTION 512

static void write_line(const char *begin, const char *text)
{
    struct text line = {0};
    text_format(&line, "%s%s\n", begin, text);
    size_t at = 0;
    while (at < line.length) {
        struct pollfd err = {.fd = STDERR_FILENO, .events = POLLOUT};
        size_t length = line.length - at < PORTION ? line.length - at : PORTION;
        ssize_t written = poll(&err, 1, 0) == 1 && (err.revents & POLLOUT) ? write(STDERR_FILENO, line.bytes + at, length) : -1;
        if (written <= 0) {
            break; /* lost: better than a shim that hangs */
        }
        at += (size_t) written;
    }
    text_free(&line);
}

void complain(const char *text)
{
    write_line("mpx: ", text);
}

void complain_more(const char *text)
{
    write_line("mpx:   ", text);
}

void complain_log(const struct text *log)
{
    struct slice lines;
    struct slice line;
    if (!json_read((struct slice){.at = text_chars(log), .length = log->length}, &lines)) {
        return;
    }
    for (size_t place = 0; json_element(lines, &place, &line);) {
        char *text = json_text(line);
        complain_more(text == NULL ? "" : text);
        free(text);
    }
}
