#include "command.h"

#include "advice.h"
#include "blank.h"
#include "connection.h"
#include "endpoint.h"
#include "java_way.h"
#include "launch.h"
#include "server_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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
    const char *path; /* of the daemon's socket, or NULL */
    bool prescribed;
};

static void add_tried(struct text *text, const struct question *question)
{
    if (question->path == NULL) {
        char *file = path_in(question->home, "broker.json");
        text_format(text, "(there is no %s to say where it listens)", file);
        free(file);
    } else {
        text_format(text, "(tried unix:%s)", question->path);
    }
}

static void add_what_starts_it(struct text *text, const struct question *question)
{
    if (question->prescribed) {
        text_add(text, "that endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml: start that daemon with \"mpx ensure\" where it lives");
    } else {
        text_add(text, "this starts it: ");
        advice_add(text, "ensure", question->options, question->home);
    }
}

static int no_daemon(const struct question *question, const char *why, bool hangs)
{
    struct text line = {0};
    if (question->options->flag) {
        puts("{\"daemon\":null}");
    }
    text_format(&line, "mpx: no daemon: %s ", why);
    add_tried(&line, question);
    char *log = path_in(question->home, "logs/daemon.log");
    text_format(&line, ". Its log, if it ever ran, is %s; ", log);
    free(log);
    if (hangs) {
        text_add(&line, "if it hangs, this replaces it: ");
        advice_add(&line, "restart", question->options, question->home);
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

static int ask_and_print(const struct question *question, int daemon)
{
    bool json = question->options->flag;
    struct text params = {0};
    char *line = NULL;
    struct slice answer;
    text_format(&params, "{\"format\":\"%s\",\"width\":%ld}", json ? "json" : "text", columns_of_standard_output());
    enum asked asked = connection_ask(daemon, "mpx/status", text_chars(&params), ANSWER_LIMIT_MS, &line, &answer);
    int status = asked == ASKED_ANSWERED ? print_status(answer, json)
        : asked == ASKED_SILENT          ? no_daemon(question, "it takes connections but has not answered for 10 s", true)
                                         : no_daemon(question, "it is just leaving", false);
    free(line);
    text_free(&params);
    return status;
}

static int answer(const struct question *question)
{
    int daemon = question->path == NULL ? -1 : connection_open(question->path, CONNECT_LIMIT_MS);
    if (daemon >= 0) {
        int status = ask_and_print(question, daemon);
        close(daemon);
        return status;
    }
    struct text why = {0};
    text_format(&why, "none answers for %s", question->home);
    int status = no_daemon(question, text_chars(&why), false);
    text_free(&why);
    return status;
}

static int fail(char *error)
{
    fprintf(stderr, "mpx: %s\n", error);
    free(error);
    return DEGRADED;
}

int command_status(char **all)
{
    struct server_options options;
    if (!server_options_read(&options, all + 1, "--json") || java_way_is_named(all + 1, false)
        || java_way_is_needed(&options.invocation)) {
        return launch_java(JAVA_CLI, false, all);
    }
    char *error = NULL;
    char *path;
    char *home = target_home(&options.invocation, &error);
    if (home == NULL) {
        return fail(error);
    }
    if (!endpoint_prescribed(&path, &error)) {
        free(home);
        return fail(error);
    }
    bool prescribed = path != NULL;
    if (!prescribed) {
        path = endpoint_recorded(home);
    }
    int status = answer(&(struct question){.options = &options, .home = home, .path = path, .prescribed = prescribed});
    free(path);
    free(home);
    return status;
}
