#include "command.h"

#include "advice.h"
#include "blank.h"
#include "connection.h"
#include "launch.h"
#include "server_options.h"
#include "ssh_link.h"
#include "ssh_way.h"
#include "tcp.h"
#include "token.h"
#include "unit.h"
#include "unix_socket.h"
#include "whereabouts.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 5000
#define ANSWER_LIMIT_MS 10000

/* What a pipe or a file has: nobody's lines are that long. */
#define UNLIMITED_COLUMNS 1000000
#define USUAL_COLUMNS 80
#define NARROWEST_COLUMNS 40

/* What COLUMNS says; 0 if that is no number. */
static long columns_by_variable(void)
{
    const char *text = getenv("COLUMNS");
    char *end = NULL;
    long columns = text == NULL ? 0 : strtol(text, &end, 10);
    return end != NULL && blank_is(end) && columns > 0 && columns < UNLIMITED_COLUMNS ? columns : 0;
}

/* COLUMNS, else the terminal's own width, else 80; no limit where it is no terminal. */
static long columns_of_standard_output(void)
{
    if (!isatty(STDOUT_FILENO)) {
        return UNLIMITED_COLUMNS;
    }
    struct winsize size = {0};
    long columns = columns_by_variable();
    if (columns == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        columns = size.ws_col;
    }
    return columns == 0 ? USUAL_COLUMNS : columns < NARROWEST_COLUMNS ? NARROWEST_COLUMNS : columns;
}

/* What is asked about, and where. */
struct question {
    const struct server_options *options;
    const char *home;
    struct whereabouts where;
    const struct endpoint *reached; /* where somebody took the connection, or NULL */
};

static void add_tried(struct text *text, const struct question *question)
{
    if (question->where.count == 0) {
        char *file = path_in(question->home, "broker.json");
        text_format(text, "(there is no %s to say where it listens)", file);
        free(file);
    } else {
        char *tried = endpoint_text(question->reached != NULL ? question->reached : &question->where.endpoints[0]);
        text_format(text, "(tried %s)", tried);
        free(tried);
    }
}

/* Whether it may be another machine's: then its files are not here, and it is not started from here. */
static bool is_elsewhere(const struct question *question)
{
    return question->where.prescribed || question->where.elsewhere;
}

/* The service's own command where one keeps it, which starts it in any case. */
static void add_advice(struct text *text, const char *that, const char *command, const struct question *question)
{
    char *unit = unit_of(question->home);
    if (unit != NULL) {
        text_format(text, "the service %s keeps it; ", unit);
    }
    text_add(text, that);
    if (unit != NULL) {
        unit_add_restart(text, question->home);
    } else {
        advice_add(text, command, question->options, question->home);
    }
    free(unit);
}

static void add_what_starts_it(struct text *text, const struct question *question)
{
    if (question->where.prescribed) {
        text_add(text, "that endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml: start that daemon with \"mpx ensure\" where it lives");
    } else if (question->where.elsewhere) {
        text_add(text, "broker.json there was written by a daemon under another kernel: start that with \"mpx ensure\" on its machine");
    } else {
        add_advice(text, "this starts it: ", "ensure", question);
    }
}

static int no_daemon(const struct question *question, const char *why, bool hangs)
{
    struct text line = {0};
    if (question->options->flag) {
        puts("{\"daemon\":null}");
    }
    struct slice reason = slice_of(why);
    reason.length -= reason.length > 0 && reason.at[reason.length - 1] == '.'; /* the sentence goes on */
    text_format(&line, "mpx: no daemon: %.*s", (int) reason.length, reason.at);
    if (!is_elsewhere(question)) {
        char *log = path_in(question->home, "logs/daemon.log");
        text_format(&line, ". Its log, if it ever ran, is %s", log);
        free(log);
    }
    text_add(&line, "; ");
    if (hangs && is_elsewhere(question)) {
        text_add(&line, "if it hangs, replace it with \"mpx restart\" where it lives");
    } else if (hangs) {
        add_advice(&line, "if it hangs, this replaces it: ", "restart", question);
    } else {
        add_what_starts_it(&line, question);
    }
    fprintf(stderr, "%s\n", text_chars(&line));
    text_free(&line);
    return NO_DAEMON;
}

/* A daemon that is not well says "well": false, in the result or in the status. */
static bool is_well(struct slice result)
{
    struct slice well;
    bool told = json_member(result, "well", &well) || json_at(result, &well, "status", "well", NULL);
    return !told || json_kind(well) == JSON_TRUE;
}

static int tell_trouble(struct slice answer)
{
    struct slice part;
    char *message = json_at(answer, &part, "error", "message", NULL) ? json_text(part) : NULL;
    fputs("mpx: the daemon gave no status: ", stderr);
    if (message != NULL) {
        fprintf(stderr, "%s\n", message);
    } else {
        fprintf(stderr, "it answered %.*s\n", (int) answer.length, answer.at);
    }
    free(message);
    return DEGRADED;
}

static void print_slice(struct slice text)
{
    fwrite(text.at, 1, text.length, stdout);
    putchar('\n');
}

static int print_status(struct slice answer, bool json)
{
    struct slice result;
    struct slice status = slice_of("{}");
    if (!json_member(answer, "result", &result)) {
        return tell_trouble(answer);
    }
    if (json) {
        json_member(result, "status", &status);
        print_slice(status);
    } else {
        char *text = json_member_text(result, "text");
        print_slice(blank_strip_end(slice_of(text == NULL ? "" : text)));
        free(text);
    }
    return is_well(result) ? WELL : DEGRADED;
}

/* The same with where it was looked for. */
static int no_daemon_there(const struct question *question, const char *why, bool hangs)
{
    struct text line = {0};
    text_format(&line, "%s ", why);
    add_tried(&line, question);
    int status = no_daemon(question, text_chars(&line), hangs);
    text_free(&line);
    return status;
}

static int ask_and_print(const struct question *question, int daemon)
{
    bool json = question->options->flag;
    struct text params = {0};
    char *line = NULL;
    struct slice answer;
    text_format(&params, "{\"format\":\"%s\",\"width\":%ld}", json ? "json" : "text", columns_of_standard_output());
    enum asked asked = connection_ask(daemon, "mpx/status", text_chars(&params), ANSWER_LIMIT_MS, &line, &answer);
    int status = asked == ASKED_ANSWERED ? print_status(answer, json)
        : asked == ASKED_SILENT          ? no_daemon_there(question, "it takes connections but has not answered for 10 s", true)
        : question->reached->kind == ENDPOINT_TCP
        ? no_daemon_there(question, "it hung up, since it is just leaving or the token is not its own", false)
        : no_daemon_there(question, "it is just leaving", false);
    free(line);
    text_free(&params);
    return status;
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
    if (daemon < 0 && is_elsewhere(question)) {
        *why = unreachable(endpoint, errno == ETIMEDOUT || errno == EAGAIN ? "the daemon does not answer" : strerror(errno));
    }
    return daemon;
}

/* How it was reached, as a relay says it (RelayStatus). */
static void print_way(const struct endpoint *endpoint)
{
    char *where = endpoint_text(endpoint);
    printf("ssh       %s, connected, one connection for all sessions from here, by OpenSSH\n", where);
    free(where);
}

/* That of the daemon over there, by the mpx over there: it starts none. */
static int status_by_ssh(const struct question *question, const struct endpoint *endpoint)
{
    const char *words[] = {"status", question->options->flag ? "--json" : NULL, NULL};
    struct run run;
    char *why = NULL;
    int status = NO_DAEMON;
    if (ssh_link_run(&run, endpoint, words, &why)) {
        fwrite(text_chars(&run.out), 1, run.out.length, stdout);
        if (run.out.length > 0 && !question->options->flag) {
            print_way(endpoint);
        }
        fwrite(text_chars(&run.err), 1, run.err.length, stderr);
        status = run.status;
    } else {
        char *where = endpoint_text(endpoint);
        if (question->options->flag) {
            puts("{\"daemon\":null}");
        }
        fprintf(stderr, "mpx: no daemon: mpx can't reach the daemon at %s: %s\n", where, why);
        free(where);
    }
    free(why);
    run_free(&run);
    return status;
}

static int fail(char *error)
{
    fprintf(stderr, "mpx: %s\n", error);
    free(error);
    return DEGRADED;
}

static int answer(struct question *question)
{
    char *trouble = NULL;
    for (size_t i = 0; i < question->where.count; i++) {
        const struct endpoint *endpoint = &question->where.endpoints[i];
        char *why = NULL;
        int daemon = -1;
        if (endpoint->kind == ENDPOINT_SSH) {
            free(trouble);
            return ssh_way_makes_sense(&why) ? status_by_ssh(question, endpoint) : fail(why);
        }
        if (endpoint->kind == ENDPOINT_UNIX) {
            daemon = open_unix(question, endpoint, &why);
        } else if (!open_tcp(&daemon, question, endpoint, &why)) {
            free(trouble);
            return fail(why);
        }
        if (trouble == NULL) {
            trouble = why;
        } else {
            free(why);
        }
        if (daemon >= 0) {
            question->reached = endpoint;
            int status = ask_and_print(question, daemon);
            close(daemon);
            free(trouble);
            return status;
        }
    }
    struct text why = {0};
    text_format(&why, "none answers for %s", question->home);
    int status = trouble != NULL ? no_daemon(question, trouble, false) : no_daemon_there(question, text_chars(&why), false);
    text_free(&why);
    free(trouble);
    return status;
}

int command_status(char **all)
{
    struct server_options options;
    if (!server_options_read(&options, all + 1, "--json")) {
        return launch_java(JAVA_CLI, false, all);
    }
    whereabouts_prescribe(options.invocation.endpoint);
    if (ssh_way_is_javas(&options.invocation)) {
        return launch_java(JAVA_CLI, false, all);
    }
    char *error = NULL;
    char *home = target_home(&options.invocation, &error);
    if (home == NULL) {
        return fail(error);
    }
    struct question question = {.options = &options, .home = home};
    signal(SIGPIPE, SIG_IGN);
    int status = whereabouts_find(&question.where, home, &error) ? answer(&question) : fail(error);
    whereabouts_free(&question.where);
    free(home);
    return status;
}
