#include "finder.h"

#include "clock.h"
#include "greeting.h"
#include "json.h"
#include "launch.h"
#include "ownership.h"
#include "unit.h"
#include "unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 5000
#define GREETING_LIMIT_MS 10000
/* Longer than an old daemon may take to let running calls finish, and its server to end (docs/shim.md). */
#define HANDOVER_LIMIT_MS 90000
/* Longer than a daemon waits to be elected. */
#define START_LIMIT_MS 120000
/* Two hundred that look again every 20 ms leave the one that starts no time to start. */
#define FIRST_PAUSE_MS 20
#define LONGEST_PAUSE_MS 320
#define AWAIT_MS 5
#define BACKLOG_FULL_MS 5

void finder_init(struct finder *finder, const struct target *target)
{
    *finder = (struct finder){.target = target, .lock = -1};
    dialogue_init(&finder->talk);
    reach_init(&finder->reach);
}

static void release_lock(struct finder *finder)
{
    if (finder->lock >= 0) {
        close(finder->lock);
        finder->lock = -1;
    }
}

void finder_end(struct finder *finder)
{
    dialogue_hang_up(&finder->talk);
    reach_end(&finder->reach);
    release_lock(finder);
    finder->place = FINDER_IDLE;
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

void finder_begin(struct finder *finder)
{
    finder_end(finder);
    finder->place = FINDER_LOOKING;
    finder->again_ms = 0;
    finder->limit_ms = 0;
    finder->pause_ms = FIRST_PAUSE_MS;
    finder->hangs = false;
    finder->owns = false;
    finder->has_started = false;
    finder->was_second = false;
    finder->trouble.length = 0;
    finder->reason.length = 0;
    finder->log.length = 0;
}

/* ---- how a try ends */

static const char *endpoint(const struct finder *finder)
{
    return finder->endpoint == NULL ? "" : finder->endpoint;
}

static void trouble(struct finder *finder, const char *reason)
{
    finder->reason.length = 0;
    text_add(&finder->reason, reason);
    finder->trouble.length = 0;
}

static enum finder_outcome end_with(struct finder *finder, enum finder_outcome outcome)
{
    finder_end(finder);
    return outcome;
}

static enum finder_outcome unservable(struct finder *finder, char *error)
{
    trouble(finder, "no-daemon");
    text_add(&finder->trouble, error);
    free(error);
    return end_with(finder, FINDER_UNSERVABLE);
}

static void explain_prescribed(struct finder *finder, const char *why)
{
    text_format(&finder->trouble, "mpx can't reach the daemon at %s: %s%s", endpoint(finder), why, reach_help(true));
}

static enum finder_outcome unreachable(struct finder *finder, const char *why)
{
    trouble(finder, "no-daemon");
    explain_prescribed(finder, why);
    return end_with(finder, FINDER_FAILED);
}

static enum finder_outcome look_again(struct finder *finder, int64_t after_ms, int64_t now)
{
    dialogue_hang_up(&finder->talk);
    finder->place = FINDER_LOOKING;
    finder->again_ms = now + after_ms;
    return FINDER_LOOKS;
}

/* Not in step with all the others that look. */
static enum finder_outcome look_again_later(struct finder *finder, int64_t now)
{
    int64_t pause = finder->pause_ms + (int64_t) (random() % finder->pause_ms);
    finder->pause_ms = finder->pause_ms * 2 < LONGEST_PAUSE_MS ? finder->pause_ms * 2 : LONGEST_PAUSE_MS;
    return look_again(finder, pause, now);
}

/* ---- nobody is there */

static enum finder_outcome start(struct finder *finder, int64_t now)
{
    char *error = NULL;
    if (!start_daemon(finder->target, &finder->daemon, &error)) {
        trouble(finder, "no-daemon");
        text_add(&finder->trouble, error);
        free(error);
        return end_with(finder, FINDER_FAILED);
    }
    finder->has_started = true;
    finder->start_limit_ms = now + START_LIMIT_MS;
    return look_again(finder, AWAIT_MS, now);
}

static enum finder_outcome did_not_start(struct finder *finder)
{
    trouble(finder, "no-daemon");
    if (started_is_alive(&finder->daemon)) {
        text_format(&finder->trouble, "The mpx daemon was started (process %ld) but did not answer within %d s", (long) finder->daemon.pid,
                    START_LIMIT_MS / 1000);
    } else {
        text_add(&finder->trouble, "The mpx daemon ended as soon as it was started");
    }
    text_format(&finder->trouble, ". Its log is %s/logs/daemon.log; to see it start, run \"mpx serve --home %s --", finder->target->home,
                finder->target->home);
    for (char **word = finder->target->argv; *word != NULL; word++) {
        text_format(&finder->trouble, " %s", *word);
    }
    text_add(&finder->trouble, "\".");
    unit_add_hint(&finder->trouble, finder->target->home);
    finder->log.length = 0;
    started_log_tail(finder->target, &finder->daemon, &finder->log);
    return end_with(finder, FINDER_FAILED);
}

/* The daemon that was started is not there yet. */
static enum finder_outcome await(struct finder *finder, int64_t now)
{
    if (now >= finder->start_limit_ms) {
        return did_not_start(finder);
    }
    if (finder->was_alive) {
        return look_again(finder, AWAIT_MS, now);
    }
    if (finder->was_second) {
        return did_not_start(finder);
    }
    /* It may have given way to one that was there and has left since. */
    finder->was_second = true;
    return start(finder, now);
}

static enum finder_outcome nobody(struct finder *finder, const char *why, int64_t now)
{
    dialogue_hang_up(&finder->talk);
    if (finder->only_looks) {
        return end_with(finder, FINDER_FAILED);
    }
    if (finder->is_far) {
        return unreachable(finder, why);
    }
    if (finder->lock < 0) {
        finder->place = FINDER_LOCKING;
        return FINDER_LOOKS;
    }
    return finder->has_started ? await(finder, now) : start(finder, now);
}

/* Whoever starts or ends a daemon holds the start lock meanwhile, so that nobody starts another one in between. */
static enum finder_outcome lock(struct finder *finder, int64_t now)
{
    char *error = NULL;
    if (!ownership_check(finder->target, &error) || !home_prepare(finder->target->home, &error)) {
        return unservable(finder, error);
    }
    char *path = path_in(finder->target->home, "start.lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fd >= 0 && fcntl(fd, F_SETLK, &whole) != 0) {
        int cause = errno;
        close(fd);
        fd = -1;
        errno = cause;
    }
    trouble(finder, "no-daemon");
    if (fd < 0 && (errno == EAGAIN || errno == EACCES)) {
        text_format(&finder->trouble,
                    "The mpx daemon for %s does not answer yet; another mpx is starting or stopping it. Its log is ",
                    finder->target->home);
        unit_add_log(&finder->trouble, finder->target->home);
        text_format(&finder->trouble, "; \"mpx status --home %s\" tells more. If it stays so, this replaces it: ", finder->target->home);
        unit_add_restart(&finder->trouble, finder->target->home);
        return look_again_later(finder, now);
    }
    if (fd < 0) {
        text_format(&finder->trouble, "mpx can't use its lock file %s/start.lock: %s.", finder->target->home, strerror(errno));
        return end_with(finder, FINDER_FAILED);
    }
    finder->lock = fd;
    /* Whoever held the lock before may have started one by now. */
    return look_again(finder, 0, now);
}

/* ---- somebody is there */

static enum finder_outcome say(struct finder *finder, enum finder_place place, int64_t limit_ms, int64_t now)
{
    finder->place = place;
    dialogue_begin(&finder->talk);
    finder->limit_ms = now + limit_ms;
    return FINDER_LOOKS;
}

static enum finder_outcome silent(struct finder *finder, int64_t now)
{
    trouble(finder, "no-daemon");
    if (finder->is_far) {
        explain_prescribed(finder, "it takes connections but does not answer");
    } else {
        text_format(&finder->trouble, "The mpx daemon (tried %s) takes connections but does not answer. Its log is ", endpoint(finder));
        unit_add_log(&finder->trouble, finder->target->home);
        text_add(&finder->trouble, ". If it hangs, this replaces it: ");
        unit_add_restart(&finder->trouble, finder->target->home);
    }
    finder->hangs = true;
    finder->limit_ms = 0;
    return look_again_later(finder, now);
}

/* A relay that can't reach the other machine says how that stands: then it is not the last word. */
static enum finder_outcome refused(struct finder *finder, struct slice error, int64_t now)
{
    struct slice value;
    char *message = json_member_text(error, "message");
    char *reason = json_at(error, &value, "data", "mpx", "reason", NULL) ? json_text(value) : NULL;
    char *outlook = json_at(error, &value, "data", "mpx", "outlook", NULL) ? json_text(value) : NULL;
    trouble(finder, reason == NULL ? "refused" : reason);
    text_add(&finder->trouble, message == NULL ? "The mpx daemon refused this client." : message);
    bool is_busy = outlook != NULL && strcmp(outlook, "busy") == 0;
    bool has_failed = outlook != NULL && strcmp(outlook, "failed") == 0;
    free(message);
    free(reason);
    free(outlook);
    return is_busy ? look_again_later(finder, now) : end_with(finder, has_failed ? FINDER_FAILED : FINDER_REFUSED);
}

static enum finder_outcome ask_to_leave(struct finder *finder, int64_t now)
{
    finder->talk.outgoing.length = 0;
    text_add(&finder->talk.outgoing, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-stop\",\"method\":\"mpx/stop\",\"params\":{}}\n");
    return say(finder, FINDER_STOPPING, HANDOVER_LIMIT_MS, now);
}

static enum finder_outcome greeted(struct finder *finder, struct slice answer, int64_t now)
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
    release_lock(finder);
    finder->place = FINDER_IDLE;
    return FINDER_FOUND;
}

/* An old daemon is better than none. */
static enum finder_outcome keep_older(struct finder *finder, int64_t now)
{
    finder->keeps_older = true;
    release_lock(finder);
    finder->limit_ms = 0;
    return look_again(finder, 0, now);
}

/* What came while it was asked to leave. */
static enum finder_outcome leaving(struct finder *finder, struct slice answer, int64_t now)
{
    struct slice error;
    return json_member(answer, "error", &error) ? keep_older(finder, now) : FINDER_LOOKS;
}

/* ---- looking */

/* Where the one that a daemon of this machine listens at is to be tried, or one that is prescribed; nobody if there is none. */
static enum finder_outcome connect_here(struct finder *finder, int64_t now)
{
    if (finder->endpoint == NULL) {
        return nobody(finder, "", now);
    }
    finder->talk.fd = unix_socket_connect(finder->where.endpoints[0].path);
    if (finder->talk.fd < 0 && errno == EAGAIN) { /* more clients than it has taken so far */
        if (finder->limit_ms == 0) {
            finder->limit_ms = now + CONNECT_LIMIT_MS;
        }
        if (now < finder->limit_ms) {
            return look_again(finder, BACKLOG_FULL_MS, now);
        }
    }
    finder->limit_ms = 0;
    if (finder->talk.fd < 0) {
        return nobody(finder, strerror(errno), now);
    }
    finder->talk.outgoing.length = 0;
    greeting_add(&finder->talk.outgoing, finder->target);
    return say(finder, FINDER_GREETING, GREETING_LIMIT_MS, now);
}

/* None of those that are far has answered. */
static enum finder_outcome not_reached(struct finder *finder, enum reach_outcome outcome, int64_t now)
{
    char *error = NULL;
    bool owns = false;
    trouble(finder, "no-daemon");
    text_add(&finder->trouble, text_chars(&finder->reach.trouble));
    if (outcome == REACH_UNSERVABLE) {
        return end_with(finder, FINDER_UNSERVABLE);
    }
    if (!finder->where.prescribed && !ownership_is_allowed(&owns, &error)) {
        return unservable(finder, error);
    }
    if (owns) {
        finder->owns = true;
        return look_again(finder, 0, now);
    }
    return outcome == REACH_BUSY ? look_again_later(finder, now) : end_with(finder, FINDER_FAILED);
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
    enum finder_outcome result = is_json ? greeted(finder, answer, now) : unreachable(finder, "what it answers is not JSON");
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

static enum finder_outcome look(struct finder *finder, int64_t now)
{
    char *error = NULL;
    whereabouts_free(&finder->where);
    if (!whereabouts_find(&finder->where, finder->target->home, &error)) {
        return unservable(finder, error);
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
            return unservable(finder, error);
        }
    }
    free(finder->endpoint);
    finder->endpoint = where->count > 0 && where->endpoints[0].kind == ENDPOINT_UNIX ? endpoint_text(&where->endpoints[0]) : NULL;
    return connect_here(finder, now);
}

/* ---- the connection */

static enum finder_outcome converse(struct finder *finder, int64_t now)
{
    bool is_stopping = finder->place == FINDER_STOPPING;
    bool is_there = dialogue_go_on(&finder->talk);
    char *line = dialogue_take_line(&finder->talk);
    if (line != NULL) {
        struct slice answer = {0};
        bool is_json = json_read(slice_of(line), &answer);
        enum finder_outcome outcome = FINDER_LOOKS;
        if (is_json) {
            outcome = is_stopping ? leaving(finder, answer, now) : greeted(finder, answer, now);
        }
        free(line);
        if (is_json) {
            return outcome;
        }
        is_there = false;
    }
    if (!is_there) { /* gone, or just leaving */
        finder->limit_ms = 0;
        return nobody(finder, "it hung up", now);
    }
    if (now >= finder->limit_ms) {
        return is_stopping ? keep_older(finder, now) : silent(finder, now);
    }
    return FINDER_LOOKS;
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
            outcome = lock(finder, now);
            break;
        case FINDER_GREETING:
        case FINDER_STOPPING:
            outcome = converse(finder, now);
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
