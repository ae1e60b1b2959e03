#include "command.h"

#include "daemon_view.h"
#include "duration.h"
#include "launch.h"
#include "plain.h"
#include "ssh_way.h"
#include "status_watch.h"
#include "terminal.h"
#include "whereabouts.h"
#include "words.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_LIMIT_MS 10000
#define USUAL_INTERVAL_MS 1000

/* The options that are status's own. */
struct own_options {
    bool json;
    bool all;
    const char *color; /* NULL: auto */
    int64_t every_ms;  /* 0: it is no watch */
};

/* Whether `*words` is one of them, said for the first time; *words then stands on its last word. */
static bool read_own(struct own_options *own, char ***words)
{
    const char *word = **words;
    const char *next = (*words)[1];
    const char *value;
    if (!own->json && strcmp(word, "--json") == 0) {
        return own->json = true;
    }
    if (!own->all && strcmp(word, "--all") == 0) {
        return own->all = true;
    }
    if (own->every_ms == 0 && strcmp(word, "--watch") == 0) {
        own->every_ms = USUAL_INTERVAL_MS;
        bool is_said = next != NULL && duration_read(next, &own->every_ms) && own->every_ms > 0;
        *words += is_said ? 1 : 0;
        return own->every_ms > 0;
    }
    if (own->every_ms == 0 && (value = word_after(word, "--watch=")) != NULL) {
        return duration_read(value, &own->every_ms) && own->every_ms > 0;
    }
    if (own->color == NULL && (value = word_after(word, "--color=")) != NULL) {
        own->color = value;
        return strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 || strcmp(value, "never") == 0;
    }
    return false;
}

/* Takes its own options out of the words before "--"; what it can't read stays, for Java to complain of. */
static void take_own(struct own_options *own, char **words)
{
    char **kept = words;
    bool is_over = false;
    for (; *words != NULL; words++) {
        is_over = is_over || strcmp(*words, "--") == 0;
        if (is_over || !read_own(own, &words)) {
            *kept++ = *words;
        }
    }
    *kept = NULL;
}

static bool wants_colours(const struct own_options *own)
{
    return own->color == NULL || strcmp(own->color, "auto") == 0 ? terminal_wants_colours() : strcmp(own->color, "always") == 0;
}

static void print(FILE *to, const struct text *text)
{
    fwrite(text_chars(text), 1, text->length, to);
}

static int print_once(const struct server_options *options, const char *home, struct view_request *request)
{
    struct view view;
    request->columns = terminal_columns();
    /* Whoever searches in a file or a pipe wants to find it. */
    request->all = request->all || !terminal_is_there();
    view_take(&view, options, home, request);
    if (request->json && terminal_is_there()) {
        struct text shown = {0};
        plain_add(&shown, (struct slice){.at = text_chars(&view.out), .length = view.out.length}, false);
        print(stdout, &shown);
        text_free(&shown);
    } else {
        print(stdout, &view.out);
    }
    fflush(stdout);
    print(stderr, &view.err);
    int status = view.status;
    view_free(&view);
    return status;
}

static int wrong_usage(const char *why)
{
    fprintf(stderr, "mpx: %s\n", why);
    return WRONG_USAGE;
}

static int show(const struct server_options *options, const char *home, const struct own_options *own)
{
    struct view_request request = {
        .json = own->json, .all = own->all, .colours = wants_colours(own), .wanted = -1, .answer_limit_ms = ANSWER_LIMIT_MS};
    signal(SIGPIPE, SIG_IGN);
    if (own->every_ms == 0) {
        return print_once(options, home, &request);
    }
    return own->json ? wrong_usage("--watch is for people, and --json for programs: say one of them.")
        : !terminal_is_able()
        ? wrong_usage("--watch needs a terminal to draw on. Without one, this tells the status once: mpx status")
        : status_watch(options, home, &request, own->every_ms);
}

static int fail(char *error)
{
    fprintf(stderr, "mpx: %s\n", error);
    free(error);
    return DEGRADED;
}

static int run(const struct server_options *options, const struct own_options *own)
{
    char *error = NULL;
    char *home = target_home(&options->invocation, &error);
    if (home == NULL) {
        return fail(error);
    }
    int status = show(options, home, own);
    free(home);
    return status;
}

int command_status(char **all)
{
    struct server_options options;
    struct own_options own = {.json = false};
    size_t size = (words_count(all) + 1) * sizeof *all;
    char **words = need(size);
    memcpy(words, all, size);
    take_own(&own, words + 1);
    bool is_clear = server_options_read(&options, words + 1, NULL);
    if (is_clear) {
        whereabouts_prescribe(options.invocation.endpoint);
    }
    int status = is_clear && !ssh_way_is_javas(&options.invocation) ? run(&options, &own) : launch_java(JAVA_CLI, false, all);
    free(words);
    return status;
}
