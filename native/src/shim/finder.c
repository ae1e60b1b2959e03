#include "finder.h"

#include "attempt.h"
#include "greeter.h"
#include "json.h"
#include "ownership.h"
#include "unix_socket.h"
#include "vacancy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_LIMIT_MS 5000
#define BACKLOG_FULL_MS 5

void finder_init(struct finder *finder, const struct target *target)
{
    *finder = (struct finder){.target = target, .lock = -1};
    dialogue_init(&finder->talk);
    reach_init(&finder->reach);
}

void finder_begin(struct finder *finder)
{
    attempt_begin(finder);
}

void finder_end(struct finder *finder)
{
    attempt_let_go(finder);
}

void finder_free(struct finder *finder)
{
    finder_end(finder);
    free(finder->endpoint);
    whereabouts_free(&finder->where);
    reach_free(&finder->reach);
    dialogue_free(&finder->talk);
    text_free(&finder->trouble);
    text_free(&finder->reason);
    text_free(&finder->log);
}

/* ---- at the endpoint of this machine */

/* Where the one that a daemon of this machine listens at is to be tried, or one that is prescribed; nobody if there is none. */
static enum finder_outcome connect_here(struct finder *finder, int64_t now)
{
    if (finder->endpoint == NULL) {
        return vacancy_found(finder, "", now);
    }
    finder->talk.fd = unix_socket_connect(finder->where.endpoints[0].path);
    if (finder->talk.fd < 0 && errno == EAGAIN) { /* more clients than it has taken so far */
        if (finder->limit_ms == 0) {
            finder->limit_ms = now + CONNECT_LIMIT_MS;
        }
        if (now < finder->limit_ms) {
            return attempt_look_again(finder, BACKLOG_FULL_MS, now);
        }
    }
    finder->limit_ms = 0;
    if (finder->talk.fd < 0) {
        return vacancy_found(finder, strerror(errno), now);
    }
    return greeter_begin(finder, now);
}

/* ---- elsewhere */

/* None of those that are far has answered. */
static enum finder_outcome not_reached(struct finder *finder, enum reach_outcome outcome, int64_t now)
{
    char *error = NULL;
    bool owns = false;
    attempt_trouble(finder, "no-daemon");
    text_add(&finder->trouble, text_chars(&finder->reach.trouble));
    if (outcome == REACH_UNSERVABLE) {
        return attempt_end(finder, FINDER_UNSERVABLE);
    }
    if (!finder->where.prescribed && !ownership_is_allowed(&owns, &error)) {
        return attempt_unservable(finder, error);
    }
    if (owns) {
        finder->owns = true;
        return attempt_look_again(finder, 0, now);
    }
    return outcome == REACH_BUSY ? attempt_look_again_later(finder, now) : attempt_end(finder, FINDER_FAILED);
}

/* The errand has said more than its first line: the rest is for whoever takes the connection. */
static enum finder_outcome reached(struct finder *finder, int64_t now)
{
    free(finder->endpoint);
    finder->endpoint = endpoint_text(reach_endpoint(&finder->reach));
    dialogue_begin(&finder->talk);
    finder->talk.fd = reach_take(&finder->reach, &finder->talk.incoming);
    char *line = dialogue_take_line(&finder->talk);
    struct slice answer = {0};
    bool is_json = line != NULL && json_read(slice_of(line), &answer);
    enum finder_outcome result = is_json ? greeter_judge(finder, answer, now) : attempt_unreachable(finder, "what it answers is not JSON");
    free(line);
    return result;
}

static enum finder_outcome reaching(struct finder *finder, enum reach_outcome outcome, int64_t now)
{
    if (outcome == REACH_TRIES) {
        finder->place = FINDER_REACHING;
        return FINDER_LOOKS;
    }
    return outcome == REACH_ANSWERED ? reached(finder, now) : not_reached(finder, outcome, now);
}

/* ---- the next step */

static enum finder_outcome look(struct finder *finder, int64_t now)
{
    char *error = NULL;
    whereabouts_free(&finder->where);
    if (!whereabouts_find(&finder->where, finder->target->home, &error)) {
        return attempt_unservable(finder, error);
    }
    const struct whereabouts *where = &finder->where;
    finder->is_far = where->prescribed || (where->elsewhere && where->count > 0 && !finder->owns);
    if (finder->is_far && where->endpoints[0].kind != ENDPOINT_UNIX) {
        return reaching(finder, reach_begin(&finder->reach, where, finder->target, now), now);
    }
    /* In this order: a daemon that ends because another was quicker leaves that one to be found. */
    finder->was_alive = finder->has_started && started_is_alive(&finder->daemon);
    if (finder->has_started) { /* it may have written its record in between */
        whereabouts_free(&finder->where);
        if (!whereabouts_find(&finder->where, finder->target->home, &error)) {
            return attempt_unservable(finder, error);
        }
    }
    free(finder->endpoint);
    finder->endpoint = where->count > 0 && where->endpoints[0].kind == ENDPOINT_UNIX ? endpoint_text(&where->endpoints[0]) : NULL;
    return connect_here(finder, now);
}

enum finder_outcome finder_step(struct finder *finder, int64_t now)
{
    enum finder_outcome outcome = FINDER_LOOKS;
    enum finder_place before;
    do {
        before = finder->place;
        switch (finder->place) {
        case FINDER_LOOKING:
            if (now < finder->again_ms) {
                return FINDER_LOOKS;
            }
            outcome = look(finder, now);
            break;
        case FINDER_REACHING:
            outcome = reaching(finder, reach_step(&finder->reach, now), now);
            break;
        case FINDER_LOCKING:
            outcome = vacancy_lock(finder, now);
            break;
        case FINDER_GREETING:
        case FINDER_STOPPING:
            outcome = greeter_step(finder, now);
            break;
        case FINDER_IDLE:
            break;
        }
    } while (outcome == FINDER_LOOKS && finder->place != before);
    return outcome;
}

bool finder_wants(const struct finder *finder, struct pollfd *out)
{
    if (finder->place == FINDER_REACHING) {
        *out = reach_wants(&finder->reach);
        return true;
    }
    if (finder->talk.fd < 0 || (finder->place != FINDER_GREETING && finder->place != FINDER_STOPPING)) {
        return false;
    }
    *out = dialogue_wants(&finder->talk);
    return true;
}

int64_t finder_due(const struct finder *finder)
{
    switch (finder->place) {
    case FINDER_LOOKING:
        return finder->again_ms;
    case FINDER_LOCKING:
        return 0;
    case FINDER_REACHING:
        return finder->reach.limit_ms;
    case FINDER_GREETING:
    case FINDER_STOPPING:
        return finder->limit_ms;
    case FINDER_IDLE:
        break;
    }
    return INT64_MAX;
}

int finder_take(struct finder *finder, struct text *rest)
{
    int fd = finder->talk.fd;
    finder->talk.fd = -1;
    text_add_bytes(rest, text_chars(&finder->talk.incoming), finder->talk.incoming.length);
    return fd;
}
