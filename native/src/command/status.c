#include "command.h"

#include "blank.h"
#include "connection.h"
#include "endpoint.h"
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

static int no_daemon(const char *home, bool json, const char *why)
{
    if (json) {
        puts("{\"daemon\":null}");
    }
    fprintf(stderr, "mpx: no daemon: %s. Its log, if it ever ran, is %s/logs/daemon.log; \"mpx ensure\" starts it.\n", why, home);
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

static int ask_and_print(const char *home, int daemon, bool json)
{
    struct text params = {0};
    char *line = NULL;
    struct slice answer;
    text_format(&params, "{\"format\":\"%s\",\"width\":%ld}", json ? "json" : "text", columns_of_standard_output());
    enum asked asked = connection_ask(daemon, "mpx/status", text_chars(&params), ANSWER_LIMIT_MS, &line, &answer);
    int status = asked == ASKED_ANSWERED ? print_status(answer, json)
        : asked == ASKED_SILENT          ? no_daemon(home, json, "it takes connections but has not answered for 10 s")
                                         : no_daemon(home, json, "it is just leaving");
    free(line);
    text_free(&params);
    return status;
}

/* What there is to say where no daemon is, and why, is Java's business: nobody waits for that. */
static int leave_to_java(char **all)
{
    return launch_java(JAVA_CLI, false, all);
}

static int status_of(char **all, const char *home, bool json)
{
    char *error = NULL;
    char *path;
    if (!endpoint_prescribed(&path, &error)) {
        fprintf(stderr, "mpx: %s\n", error);
        free(error);
        return DEGRADED;
    }
    if (path == NULL) {
        path = endpoint_recorded(home);
    }
    int daemon = path == NULL ? -1 : connection_open(path, CONNECT_LIMIT_MS);
    free(path);
    if (daemon < 0) {
        return leave_to_java(all);
    }
    int status = ask_and_print(home, daemon, json);
    close(daemon);
    return status;
}

int command_status(char **all)
{
    struct server_options options;
    if (!server_options_read(&options, all + 1, "--json")) {
        return leave_to_java(all);
    }
    char *error = NULL;
    char *home = target_home(&options.invocation, &error);
    if (home == NULL) {
        fprintf(stderr, "mpx: %s\n", error);
        free(error);
        return DEGRADED;
    }
    int status = status_of(all, home, options.flag);
    free(home);
    return status;
}
