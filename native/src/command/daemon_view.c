#include "daemon_view.h"

#include "blank.h"
#include "command.h"
#include "connection.h"
#include "no_daemon.h"
#include "plain.h"
#include "ssh_link.h"
#include "ssh_way.h"
#include "tcp.h"
#include "token.h"
#include "unix_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 5000

/* A daemon that is not well says "well": false, in the result or in the status. */
static bool is_well(struct slice result)
{
    struct slice well;
    bool told = json_member(result, "well", &well) || json_at(result, &well, "status", "well", NULL);
    return !told || json_kind(well) == JSON_TRUE;
}

static void tell_trouble(struct view *out, struct slice answer)
{
    struct slice part;
    char *message = json_at(answer, &part, "error", "message", NULL) ? json_text(part) : NULL;
    text_add(&out->err, "mpx: the daemon gave no status: ");
    if (message == NULL) {
        text_add(&out->err, "it answered ");
    }
    plain_add(&out->err, message != NULL ? slice_of(message) : answer, false);
    text_add(&out->err, "\n");
    free(message);
    out->status = DEGRADED;
}

static void take_status(struct view *out, struct slice answer, const struct view_request *request)
{
    struct slice result;
    struct slice status = slice_of("{}");
    if (!json_member(answer, "result", &result)) {
        tell_trouble(out, answer);
        return;
    }
    if (request->json) {
        json_member(result, "status", &status);
        text_add_slice(&out->out, status);
    } else {
        char *text = json_member_text(result, "text");
        plain_add(&out->out, blank_strip_end(slice_of(text == NULL ? "" : text)), request->colours);
        free(text);
    }
    text_add(&out->out, "\n");
    out->status = is_well(result) ? WELL : DEGRADED;
}

static void add_params(struct text *params, const struct view_request *request)
{
    text_format(params, "{\"format\":\"%s\",\"width\":%ld", request->json ? "json" : "text", request->columns);
    if (request->rows > 0) {
        text_format(params, ",\"rows\":%ld", request->rows);
    }
    text_add(params, request->colours ? ",\"color\":true" : "");
    text_add(params, request->all ? ",\"all\":true}" : "}");
}

static void ask(struct view *out, const struct question *question, int daemon)
{
    const struct view_request *request = question->request;
    struct text params = {0};
    struct text silence = {0};
    char *line = NULL;
    struct slice answer;
    add_params(&params, request);
    enum asked asked =
        connection_ask(daemon, request->wanted, "mpx/status", text_chars(&params), request->answer_limit_ms, &line, &answer);
    if (asked == ASKED_ANSWERED) {
        take_status(out, answer, request);
    } else if (asked == ASKED_SILENT) {
        text_format(&silence, "it takes connections but has not answered for %ld s", request->answer_limit_ms / 1000);
        no_daemon_there(out, question, text_chars(&silence), true);
    } else {
        no_daemon_there(out, question,
                        question->reached->kind == ENDPOINT_TCP ? "it hung up, since it is just leaving or the token is not its own"
                                                                : "it is just leaving",
                        false);
    }
    free(line);
    text_free(&silence);
    text_free(&params);
}

/* Why one that need not be this machine's can't be reached. To be freed. */
static char *unreachable(const struct endpoint *endpoint, const char *reason)
{
    struct text sentence = {0};
    char *where = endpoint_text(endpoint);
    text_format(&sentence, "mpx can't reach the daemon at %s: %s", where, reason);
    free(where);
    return text_take(&sentence);
}

/* With the token said; -1 when there is no connection, with a sentence in *why. False for a senseless setting. */
static bool open_tcp(int *fd, const struct question *question, const struct endpoint *endpoint, char **why)
{
    char *token = NULL;
    *fd = -1;
    enum token_search found = token_find(&token, endpoint, question->home, why);
    if (found != TOKEN_FOUND) {
        return found == TOKEN_MISSING;
    }
    char *reason = NULL;
    struct text line = {0};
    text_format(&line, "mpx-token %s\n", token);
    free(token);
    *fd = tcp_open(endpoint, -1, CONNECT_LIMIT_MS, &reason);
    /* It is short: it goes out at once, or the connection is broken, which shows when the answer is read. */
    if (*fd >= 0 && send(*fd, line.bytes, line.length, UNIX_SOCKET_NO_SIGNAL) < 0) {
        close(*fd);
        *fd = -1;
    }
    if (*fd < 0) {
        *why = unreachable(endpoint, reason == NULL ? strerror(EPIPE) : reason);
    }
    text_free(&line);
    free(reason);
    return true;
}

/* -1 when there is no connection, with a sentence in *why if somebody has named the socket: nobody else's file tells of it. */
static int open_unix(const struct question *question, const struct endpoint *endpoint, char **why)
{
    int daemon = connection_open(endpoint->path, CONNECT_LIMIT_MS);
    if (daemon < 0 && question_is_elsewhere(question)) {
        *why = unreachable(endpoint, errno == ETIMEDOUT || errno == EAGAIN ? "the daemon does not answer" : strerror(errno));
    }
    return daemon;
}

/* How it was reached, as a relay says it (RelayStatus). */
static void add_way(struct text *out, const struct endpoint *endpoint)
{
    char *where = endpoint_text(endpoint);
    text_format(out, "ssh       %s, connected, one connection for all sessions from here, by OpenSSH\n", where);
    free(where);
}

/* That of the daemon over there, by the mpx over there: it starts none, and knows nothing of this terminal. */
static void ask_by_ssh(struct view *out, const struct question *question, const struct endpoint *endpoint)
{
    bool json = question->request->json;
    const char *words[] = {"status", json ? "--json" : NULL, NULL};
    struct run run;
    char *why = NULL;
    if (ssh_link_run(&run, endpoint, words, &why)) {
        struct slice said = {.at = text_chars(&run.out), .length = run.out.length};
        if (json) {
            text_add_slice(&out->out, said);
        } else if (said.length > 0) {
            plain_add(&out->out, said, question->request->colours);
            add_way(&out->out, endpoint);
        }
        plain_add(&out->err, (struct slice){.at = text_chars(&run.err), .length = run.err.length}, false);
        out->status = run.status;
    } else {
        char *sentence = unreachable(endpoint, why);
        no_daemon_over_there(out, question, sentence);
        free(sentence);
    }
    free(why);
    run_free(&run);
}

static void fail(struct view *out, char *error)
{
    text_add(&out->err, "mpx: ");
    plain_add(&out->err, slice_of(error), false);
    text_add(&out->err, "\n");
    free(error);
    out->status = DEGRADED;
}

/* False if it went wrong in a way that no other endpoint mends; a first reason why it can't be had is put to *trouble. */
static bool try_one(struct view *out, struct question *question, const struct endpoint *endpoint, char **trouble)
{
    char *why = NULL;
    int daemon = -1;
    if (endpoint->kind == ENDPOINT_SSH) {
        if (ssh_way_makes_sense(&why)) {
            ask_by_ssh(out, question, endpoint);
        } else {
            fail(out, why);
        }
        return false;
    }
    if (endpoint->kind == ENDPOINT_UNIX) {
        daemon = open_unix(question, endpoint, &why);
    } else if (!open_tcp(&daemon, question, endpoint, &why)) {
        fail(out, why);
        return false;
    }
    if (daemon >= 0) {
        question->reached = endpoint;
        ask(out, question, daemon);
        close(daemon);
    }
    if (*trouble == NULL) {
        *trouble = why;
    } else {
        free(why);
    }
    return daemon < 0;
}

static void try_all(struct view *out, struct question *question)
{
    char *trouble = NULL;
    size_t at = 0;
    while (at < question->where.count && try_one(out, question, &question->where.endpoints[at], &trouble)) {
        at++;
    }
    if (at == question->where.count && trouble != NULL) {
        no_daemon(out, question, trouble, false);
    } else if (at == question->where.count) {
        struct text why = {0};
        text_format(&why, "none answers for %s", question->home);
        no_daemon_there(out, question, text_chars(&why), false);
        text_free(&why);
    }
    free(trouble);
}

void view_take(struct view *out, const struct server_options *options, const char *home, const struct view_request *request)
{
    struct question question = {.options = options, .request = request, .home = home};
    char *error = NULL;
    *out = (struct view){.status = DEGRADED};
    if (whereabouts_find(&question.where, home, &error)) {
        try_all(out, &question);
    } else {
        fail(out, error);
    }
    whereabouts_free(&question.where);
}

void view_free(struct view *view)
{
    text_free(&view->out);
    text_free(&view->err);
}
