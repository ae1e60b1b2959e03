#include "find.h"

#include "clock.h"
#include "command.h"
#include "complain.h"

#include <limits.h>
#include <unistd.h>

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
    complain(text_chars(&finder->trouble));
    complain_log(&finder->log);
    return outcome == FINDER_UNSERVABLE ? DEGRADED : NO_DAEMON;
}
