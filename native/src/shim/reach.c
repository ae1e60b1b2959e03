#include "reach.h"

#include "connection.h"
#include "greeting.h"
#include "ssh_link.h"
#include "ssh_way.h"
#include "tcp.h"
#include "token.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 5000
#define GREETING_LIMIT_MS 10000
/* Longer than an errand takes when everything in it takes as long as it may. */
#define ERRAND_LIMIT_MS 400000

static const char PRESCRIBED[] = ". That endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml, so mpx starts none of its own;"
                                 " start that daemon with \"mpx ensure\" where it lives (its log is logs/mpx.log in its home), or"
                                         " remove the"
                                 " setting.";
static const char ADVERTISED[] = ". That endpoint stands in broker.json, which a daemon under another kernel has written, so mpx starts"
                                 " none here; start that daemon with \"mpx ensure\" on its machine (its log is logs/mpx.log there),"
                                         " or set another endpoint in"
                                 " ~/.config/mpx/mpx.toml.";

const char *reach_help(bool prescribed)
{
    return prescribed ? PRESCRIBED : ADVERTISED;
}

/* What an errand is given; it has a copy of this process's memory. */
struct task {
    const struct endpoint *endpoint;
    struct slice words;
};

/* ---- in the errand's process */

static void reach_by_tcp(const void *of, int home)
{
    const struct task *task = of;
    char *why = NULL;
    struct text said = {0};
    int fd = tcp_open(task->endpoint, home, CONNECT_LIMIT_MS, &why);
    if (fd < 0) {
        errand_tell(home, errno == ETIMEDOUT ? ERRAND_BUSY : ERRAND_FAILED, slice_of(why), -1, false);
        return;
    }
    enum asked asked = connection_exchange(fd, home, task->words, GREETING_LIMIT_MS, &said);
    if (asked == ASKED_ANSWERED) {
        errand_tell(home, ERRAND_FOUND, (struct slice){.at = said.bytes, .length = said.length}, fd, false);
    } else if (asked == ASKED_SILENT) {
        errand_tell(home, ERRAND_BUSY, slice_of("it takes connections but does not answer"), -1, false);
    } else {
        errand_tell(home, ERRAND_FAILED,
                    slice_of("it hung up. It may just be leaving, or the token is that of an earlier daemon (the present one is in"
                             " broker.json in its home)"),
                    -1, false);
    }
}

/* The ssh(1) that a session goes through ends when the shim closes it: this process, its parent, waits for that. */
static void await_command(const struct ssh_session *session)
{
    char chunk[4096];
    while (read(session->command_err, chunk, sizeof chunk) > 0 || errno == EINTR) {
        errno = 0;
    }
    waitpid(session->command, NULL, 0);
}

static void reach_by_ssh(const void *of, int home)
{
    const struct task *task = of;
    struct ssh_session session;
    char *why = NULL;
    enum ssh_outcome outcome = ssh_link_open(&session, task->endpoint, task->words, home, &why);
    if (outcome != SSH_FOUND) {
        errand_tell(home, outcome == SSH_BUSY ? ERRAND_BUSY : ERRAND_FAILED, slice_of(why == NULL ? "" : why), -1, false);
        return;
    }
    errand_tell(home, ERRAND_FOUND, (struct slice){.at = session.said.bytes, .length = session.said.length}, session.fd,
                session.command > 0);
    if (session.command > 0) {
        await_command(&session);
    }
}

/* ---- here */

void reach_init(struct reach *reach)
{
    *reach = (struct reach){.at = 0};
    errand_init(&reach->errand);
}

const struct endpoint *reach_endpoint(const struct reach *reach)
{
    return &reach->where->endpoints[reach->at];
}

/* Of all sentences the first one counts, unless it does not matter any more. */
static enum reach_outcome say(struct reach *reach, enum reach_outcome outcome, char *sentence)
{
    if (reach->at == 0 || outcome == REACH_UNSERVABLE) {
        reach->trouble.length = 0;
        text_add(&reach->trouble, sentence);
        reach->was_busy = outcome == REACH_BUSY;
    }
    free(sentence);
    return outcome;
}

static enum reach_outcome unreachable(struct reach *reach, enum reach_outcome outcome, const char *why)
{
    const struct endpoint *endpoint = reach_endpoint(reach);
    char *where = endpoint_text(endpoint);
    struct text sentence = {0};
    bool is_ssh = endpoint->kind == ENDPOINT_SSH; /* which starts the daemon itself */
    text_format(&sentence, "mpx can't reach the daemon at %s: %s%s", where, why, is_ssh ? "" : reach_help(reach->where->prescribed));
    free(where);
    return say(reach, outcome, text_take(&sentence));
}

/* What shows that this is no stranger; false with *outcome if there is none. */
static bool add_token(struct reach *reach, struct text *words, enum reach_outcome *outcome)
{
    char *token = NULL;
    char *error = NULL;
    enum token_search found = token_find(&token, reach_endpoint(reach), reach->target->home, &error);
    if (found != TOKEN_FOUND) {
        *outcome = say(reach, found == TOKEN_MISSING ? REACH_FAILED : REACH_UNSERVABLE, error);
        return false;
    }
    text_format(words, "mpx-token %s\n", token);
    free(token);
    return true;
}

static enum reach_outcome try(struct reach *reach, int64_t now)
{
    const struct endpoint *endpoint = reach_endpoint(reach);
    enum reach_outcome outcome;
    struct text words = {0};
    char *error = NULL;
    if (endpoint->kind == ENDPOINT_SSH && !ssh_way_makes_sense(&error)) {
        return say(reach, REACH_UNSERVABLE, error);
    }
    if (endpoint->kind == ENDPOINT_TCP && !add_token(reach, &words, &outcome)) {
        return outcome;
    }
    greeting_add(&words, reach->target);
    struct task task = {.endpoint = endpoint, .words = {.at = words.bytes, .length = words.length}};
    bool begun = errand_begin(&reach->errand, endpoint->kind == ENDPOINT_TCP ? reach_by_tcp : reach_by_ssh, &task);
    int cause = errno;
    text_free(&words);
    reach->limit_ms = now + ERRAND_LIMIT_MS;
    return begun ? REACH_TRIES : unreachable(reach, REACH_FAILED, strerror(cause));
}

/* On to the next until one is under way, or nothing is left to be tried. */
static enum reach_outcome go_on(struct reach *reach, enum reach_outcome outcome, int64_t now)
{
    while (outcome == REACH_FAILED || outcome == REACH_BUSY) {
        if (reach->at + 1 == reach->where->count) {
            return reach->was_busy ? REACH_BUSY : REACH_FAILED;
        }
        reach->at++;
        outcome = try(reach, now);
    }
    return outcome;
}

enum reach_outcome reach_begin(struct reach *reach, const struct whereabouts *where, const struct target *target, int64_t now)
{
    reach_end(reach);
    reach->where = where;
    reach->target = target;
    reach->at = 0;
    return go_on(reach, try(reach, now), now);
}

static enum reach_outcome outcome_of(struct reach *reach, int64_t now)
{
    switch (errand_step(&reach->errand)) {
    case ERRAND_RUNS:
        break;
    case ERRAND_FOUND:
        return REACH_ANSWERED;
    case ERRAND_BUSY:
        return unreachable(reach, REACH_BUSY, text_chars(&reach->errand.said));
    case ERRAND_FAILED:
        return unreachable(reach, REACH_FAILED, text_chars(&reach->errand.said));
    default:
        return unreachable(reach, REACH_FAILED, "the process that was to connect ended without a word");
    }
    if (now < reach->limit_ms) {
        return REACH_TRIES;
    }
    errand_end(&reach->errand);
    return unreachable(reach, REACH_BUSY, "nothing has come of it for some minutes");
}

enum reach_outcome reach_step(struct reach *reach, int64_t now)
{
    return go_on(reach, outcome_of(reach, now), now);
}

struct pollfd reach_wants(const struct reach *reach)
{
    return (struct pollfd){.fd = reach->errand.fd, .events = POLLIN};
}

int reach_take(struct reach *reach, struct text *said)
{
    int fd = reach->errand.brought;
    reach->errand.brought = -1;
    text_add_bytes(said, text_chars(&reach->errand.said), reach->errand.said.length);
    return fd;
}

void reach_end(struct reach *reach)
{
    errand_end(&reach->errand);
}

void reach_free(struct reach *reach)
{
    reach_end(reach);
    text_free(&reach->errand.said);
    text_free(&reach->trouble);
}
