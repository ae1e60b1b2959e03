#include "greeter.h"

#include "attempt.h"
#include "greeting.h"
#include "json.h"
#include "launch.h"
#include "unit.h"
#include "vacancy.h"

#include <stdlib.h>
#include <string.h>

#define GREETING_LIMIT_MS 10000
/* Longer than an old daemon may take to let running calls finish, and its server to end (docs/shim.md). */
#define HANDOVER_LIMIT_MS 90000

static enum finder_outcome say(struct finder *finder, enum finder_place place, int64_t limit_ms, int64_t now)
{
    finder->place = place;
    dialogue_begin(&finder->talk);
    finder->limit_ms = now + limit_ms;
    return FINDER_LOOKS;
}

enum finder_outcome greeter_begin(struct finder *finder, int64_t now)
{
    finder->talk.outgoing.length = 0;
    greeting_add(&finder->talk.outgoing, finder->target);
    return say(finder, FINDER_GREETING, GREETING_LIMIT_MS, now);
}

/* ---- what it comes to */

static enum finder_outcome silent(struct finder *finder, int64_t now)
{
    attempt_trouble(finder, "no-daemon");
    if (finder->is_far) {
        attempt_explain_prescribed(finder, "it takes connections but does not answer");
    } else {
        text_format(&finder->trouble, "The mpx daemon (tried %s) takes connections but does not answer. Its log is ",
                    attempt_endpoint(finder));
        unit_add_log(&finder->trouble, finder->target->home);
        text_add(&finder->trouble, ". If it hangs, this replaces it: ");
        unit_add_restart(&finder->trouble, finder->target->home);
    }
    finder->hangs = true;
    finder->limit_ms = 0;
    return attempt_look_again_later(finder, now);
}

/* A relay that can't reach the other machine says how that stands: then it is not the last word. */
static enum finder_outcome refused(struct finder *finder, struct slice error, int64_t now)
{
    struct slice value;
    char *message = json_member_text(error, "message");
    char *reason = json_at(error, &value, "data", "mpx", "reason", NULL) ? json_text(value) : NULL;
    char *outlook = json_at(error, &value, "data", "mpx", "outlook", NULL) ? json_text(value) : NULL;
    attempt_trouble(finder, reason == NULL ? "refused" : reason);
    text_add(&finder->trouble, message == NULL ? "The mpx daemon refused this client." : message);
    bool is_busy = outlook != NULL && strcmp(outlook, "busy") == 0;
    bool has_failed = outlook != NULL && strcmp(outlook, "failed") == 0;
    free(message);
    free(reason);
    free(outlook);
    return is_busy ? attempt_look_again_later(finder, now) : attempt_end(finder, has_failed ? FINDER_FAILED : FINDER_REFUSED);
}

static enum finder_outcome ask_to_leave(struct finder *finder, int64_t now)
{
    finder->talk.outgoing.length = 0;
    text_add(&finder->talk.outgoing, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-stop\",\"method\":\"mpx/stop\",\"params\":{}}\n");
    return say(finder, FINDER_STOPPING, HANDOVER_LIMIT_MS, now);
}

enum finder_outcome greeter_judge(struct finder *finder, struct slice answer, int64_t now)
{
    struct slice part;
    if (json_member(answer, "error", &part)) {
        return refused(finder, part, now);
    }
    char *version = json_at(answer, &part, "result", "version", NULL) ? json_text(part) : NULL;
    bool is_older = !finder->is_far && !finder->keeps_older && version != NULL && version_is_newer(mpx_version(), version);
    free(version);
    if (is_older && finder->lock < 0) {
        dialogue_hang_up(&finder->talk);
        finder->place = FINDER_LOCKING;
        return FINDER_LOOKS;
    }
    if (is_older) {
        return ask_to_leave(finder, now);
    }
    attempt_release_lock(finder);
    finder->place = FINDER_IDLE;
    return FINDER_FOUND;
}

/* An old daemon is better than none. */
static enum finder_outcome keep_older(struct finder *finder, int64_t now)
{
    finder->keeps_older = true;
    attempt_release_lock(finder);
    finder->limit_ms = 0;
    return attempt_look_again(finder, 0, now);
}

/* What came while it was asked to leave. */
static enum finder_outcome leaving(struct finder *finder, struct slice answer, int64_t now)
{
    struct slice error;
    return json_member(answer, "error", &error) ? keep_older(finder, now) : FINDER_LOOKS;
}

/* ---- what is said and heard */

enum finder_outcome greeter_step(struct finder *finder, int64_t now)
{
    bool is_stopping = finder->place == FINDER_STOPPING;
    bool is_there = dialogue_go_on(&finder->talk);
    char *line = dialogue_take_line(&finder->talk);
    if (line != NULL) {
        struct slice answer = {0};
        bool is_json = json_read(slice_of(line), &answer);
        enum finder_outcome outcome = FINDER_LOOKS;
        if (is_json) {
            outcome = is_stopping ? leaving(finder, answer, now) : greeter_judge(finder, answer, now);
        }
        free(line);
        if (is_json) {
            return outcome;
        }
        is_there = false;
    }
    if (!is_there) { /* gone, or just leaving */
        finder->limit_ms = 0;
        return vacancy_found(finder, "it hung up", now);
    }
    if (now >= finder->limit_ms) {
        return is_stopping ? keep_older(finder, now) : silent(finder, now);
    }
    return FINDER_LOOKS;
}
