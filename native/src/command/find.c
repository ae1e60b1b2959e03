#include "find.h"

#include "clock.h"
#include "command.h"
#include "json.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void print_error(const char *message)
{
    fprintf(stderr, "mpx: %s\n", message);
}

/* The last lines of a daemon that could not start, from a JSON array. */
static void print_log(const struct text *log)
{
    struct slice lines;
    struct slice line;
    if (!json_read((struct slice){.at = text_chars(log), .length = log->length}, &lines)) {
        return;
    }
    for (size_t place = 0; json_element(lines, &place, &line);) {
        char *text = json_text(line);
        fprintf(stderr, "mpx:   %s\n", text == NULL ? "" : text);
        free(text);
    }
}

static int64_t time_to(int64_t due)
{
    int64_t left = due - now_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : left;
}

static enum finder_outcome find(struct finder *finder)
{
    finder_begin(finder);
    for (;;) {
        enum finder_outcome outcome = finder_step(finder, now_ms());
        if (outcome == FINDER_LOOKS && finder->hangs) {
            return FINDER_FAILED; /* a session waits for it to go on; a person is told */
        }
        if (outcome != FINDER_LOOKS) {
            return outcome;
        }
        struct pollfd daemon;
        bool wants = finder_wants(finder, &daemon);
        int64_t rest = time_to(finder_due(finder));
        clock_expects_sleep(rest); /* or the clock would take it for time that was lost, and no limit would ever come */
        poll(&daemon, wants ? 1 : 0, (int) rest);
    }
}

int find_daemon(struct finder *finder)
{
    enum finder_outcome outcome = find(finder);
    if (outcome == FINDER_FOUND) {
        return WELL;
    }
    print_error(text_chars(&finder->trouble));
    print_log(&finder->log);
    return outcome == FINDER_UNSERVABLE ? DEGRADED : NO_DAEMON;
}
