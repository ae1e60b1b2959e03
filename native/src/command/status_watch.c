#include "status_watch.h"

#include "command.h"
#include "duration.h"
#include "steady.h"
#include "terminal.h"
#include "wrap.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A daemon that takes longer is shown as silent, and asked again. */
#define ANSWER_LIMIT_MS 2000
#define CTRL_C '\x03'
#define CTRL_Z '\x1a'

#define HOME "\x1b[H"
#define END_OF_LINE "\x1b[K\r\n"
#define END_OF_SCREEN "\x1b[J"
#define WRAPPING "\x1b[?7h"
#define CUTTING "\x1b[?7l"
#define FAINT "\x1b[2m"
#define USUAL "\x1b[0m"

enum wish { GO_ON, LOOK_AGAIN, LEAVE };

static void add_clock(struct text *frame)
{
    char now[16];
    time_t seconds = time(NULL);
    struct tm parts;
    if (localtime_r(&seconds, &parts) != NULL && strftime(now, sizeof now, "%H:%M:%S", &parts) > 0) {
        text_format(frame, "%s, ", now);
    }
}

static void add_footer(struct text *frame, long rows, int64_t every_ms, bool colours)
{
    text_format(frame, "\x1b[%ld;1H%s", rows, colours ? FAINT : "");
    add_clock(frame);
    text_add(frame, "every ");
    duration_add(frame, every_ms);
    text_format(frame, "; q quits%s\x1b[K", colours ? USUAL : "");
}

/* How many rows a line takes that the terminal goes on with in the next. */
static long rows_of(struct slice line, long columns)
{
    long width = (long) wrap_columns(line);
    return width == 0 ? 1 : (width + columns - 1) / columns;
}

/* Why there is no status: what is too long for a row goes on in the next one, so that nothing of it is lost to who copies it. */
static void add_trouble(struct text *frame, struct slice text, long rows, long columns)
{
    text_add(frame, END_OF_SCREEN WRAPPING);
    while (text.length > 0) {
        const char *newline = memchr(text.at, '\n', text.length);
        struct slice line = {.at = text.at, .length = newline == NULL ? text.length : (size_t) (newline - text.at)};
        rows -= rows_of(line, columns);
        if (rows < 0) {
            break;
        }
        text_add_slice(frame, line);
        text_add(frame, "\r\n");
        line.length += newline != NULL;
        text = (struct slice){.at = text.at + line.length, .length = text.length - line.length};
    }
    text_add(frame, CUTTING);
}

/* As many lines as there is room for, each drawn over what stood there: the screen is never empty in between. */
static void add_lines(struct text *frame, struct slice text, long rows)
{
    while (text.length > 0 && rows-- > 0) {
        const char *newline = memchr(text.at, '\n', text.length);
        size_t length = newline == NULL ? text.length : (size_t) (newline - text.at);
        text_add_bytes(frame, text.at, length);
        text_add(frame, END_OF_LINE);
        length += newline != NULL;
        text = (struct slice){.at = text.at + length, .length = text.length - length};
    }
}

static void write_all(const struct text *frame)
{
    const char *at = text_chars(frame);
    size_t left = frame->length;
    while (left > 0) {
        ssize_t written = write(STDOUT_FILENO, at, left);
        if (written < 0 && errno != EINTR) {
            return;
        }
        at += written < 0 ? 0 : written;
        left -= written < 0 ? 0 : (size_t) written;
    }
}

static void draw(const struct view *view, const struct view_request *request, int64_t every_ms)
{
    struct text frame = {0};
    text_add(&frame, HOME);
    if (view->out.length > 0) {
        add_lines(&frame, (struct slice){.at = text_chars(&view->out), .length = view->out.length}, request->rows);
    } else {
        add_trouble(&frame, (struct slice){.at = text_chars(&view->err), .length = view->err.length}, request->rows, request->columns);
    }
    text_add(&frame, END_OF_SCREEN);
    add_footer(&frame, request->rows + 1, every_ms, request->colours);
    write_all(&frame);
    text_free(&frame);
}

/* What the keys want that were pressed; *keys becomes -1 when there will be no more. */
static enum wish read_keys(int *keys)
{
    char pressed[64];
    ssize_t count = read(*keys, pressed, sizeof pressed);
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) {
        *keys = -1;
        return LEAVE; /* the terminal is gone */
    }
    enum wish wish = GO_ON;
    for (ssize_t i = 0; i < count; i++) {
        if (pressed[i] == 'q' || pressed[i] == 'Q' || pressed[i] == CTRL_C) {
            return LEAVE;
        }
        if (pressed[i] == CTRL_Z) {
            terminal_suspend();
        }
        wish = LOOK_AGAIN;
    }
    return wish;
}

static bool is_readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return poll(&one, 1, 0) > 0;
}

static enum wish await(struct terminal *terminal, int64_t end_ms)
{
    for (;;) {
        struct pollfd both[] = {{.fd = terminal->keys, .events = POLLIN}, {.fd = terminal->woken, .events = POLLIN}};
        int ready = poll(both, 2, steady_left(end_ms));
        if (ready == 0) {
            return LOOK_AGAIN;
        }
        if (ready > 0 && both[1].revents != 0) {
            char bytes[64];
            while (read(terminal->woken, bytes, sizeof bytes) > 0) {
            }
            return LOOK_AGAIN;
        }
        enum wish wish = ready > 0 && both[0].revents != 0 ? read_keys(&terminal->keys) : GO_ON;
        if (wish != GO_ON) {
            return wish;
        }
    }
}

int status_watch(const struct server_options *options, const char *home, const struct view_request *request, int64_t every_ms)
{
    struct terminal terminal;
    terminal_open(&terminal);
    enum wish wish = GO_ON;
    while (wish != LEAVE) {
        struct view_request now = *request;
        long rows;
        int64_t next = steady_ms() + every_ms;
        terminal_size(&now.columns, &rows);
        now.rows = rows - 1;
        now.wanted = terminal.keys;
        now.answer_limit_ms = ANSWER_LIMIT_MS;
        struct view view;
        view_take(&view, options, home, &now);
        if (!is_readable(terminal.keys)) { /* else nobody may have waited for the answer */
            draw(&view, &now, every_ms);
        }
        view_free(&view);
        wish = await(&terminal, next);
    }
    terminal_close(&terminal);
    return WELL;
}
