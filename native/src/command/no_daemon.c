#include "no_daemon.h"

#include "advice.h"
#include "broker_file.h"
#include "command.h"
#include "file.h"
#include "path.h"
#include "plain.h"
#include "target.h"
#include "unit.h"
#include "wrap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define LARGEST_LOG (4u << 20)
#define LARGEST_STAT 4096
#define LAST_LINES 5
#define LONGEST_LINE 300
/* Behind "mpx: ", and behind a label. */
#define INDENT 5
#define LABEL 10

bool question_is_elsewhere(const struct question *question)
{
    return question->where.prescribed || question->where.elsewhere;
}

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

/* What helps: a sentence, and, where it leads up to one, a command. */
struct advice {
    struct text prose;
    struct text command;
};

/* The service's own command where one keeps it, which starts it in any case. */
static void add_command(struct advice *advice, const char *that, const char *command, const struct question *question)
{
    char *unit = unit_of(question->home);
    if (unit != NULL) {
        text_format(&advice->prose, "the service %s keeps it; ", unit);
    }
    text_add(&advice->prose, that);
    if (unit != NULL) {
        unit_add_restart(&advice->command, question->home);
    } else {
        advice_add(&advice->command, command, question->options, question->home);
    }
    free(unit);
}

static void add_advice(struct advice *advice, const struct question *question, bool hangs)
{
    bool is_elsewhere = question_is_elsewhere(question);
    if (hangs && is_elsewhere) {
        text_add(&advice->prose, "if it hangs, replace it with \"mpx restart\" where it lives");
    } else if (hangs) {
        add_command(advice, "if it hangs, this replaces it: ", "restart", question);
    } else if (question->where.prescribed) {
        text_add(&advice->prose,
                 "that endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml: start that daemon with \"mpx ensure\" where it lives");
    } else if (is_elsewhere) {
        text_add(&advice->prose,
                 "broker.json there was written by a daemon under another kernel: start that with \"mpx ensure\" on its machine");
    } else {
        add_command(advice, "this starts it: ", "ensure", question);
    }
}

static void advice_free(struct advice *advice)
{
    text_free(&advice->prose);
    text_free(&advice->command);
}

/* Made plain; in lines of the screen that is watched, which cuts what is longer, else as it is: a terminal wraps it by itself. */
static void add_wrapped(struct text *out, struct slice text, enum wrap how, const struct question *question, size_t indent)
{
    struct text plain = {0};
    bool is_watched = question->request->rows > 0;
    plain_add(&plain, text, false);
    wrap_add(out, text_chars(&plain), how, is_watched ? (size_t) question->request->columns : 0, indent);
    text_free(&plain);
}

static void add_text(struct text *out, const struct text *text, enum wrap how, const struct question *question, size_t indent)
{
    add_wrapped(out, (struct slice){.at = text_chars(text), .length = text->length}, how, question, indent);
}

/* ---- what was found in its place */

/* One that has ended and waits to be reaped is no process any more; where that can't be told, it counts as one. */
static bool is_dead(long long pid)
{
    char path[64];
    struct text stat = {0};
    snprintf(path, sizeof path, "/proc/%lld/stat", pid);
    bool told = file_read(path, LARGEST_STAT, &stat);
    const char *behind_name = told ? strrchr(text_chars(&stat), ')') : NULL;
    bool dead = behind_name != NULL && strncmp(behind_name, ") Z", 3) == 0;
    text_free(&stat);
    return dead;
}

static void add_found(struct text *text, const struct question *question)
{
    struct text file;
    struct slice broker;
    struct slice value;
    long long pid = 0;
    if (!file_is_directory(question->home)) {
        text_add(text, "nothing: no daemon has ever run there");
        return;
    }
    if (broker_file_read(question->home, &file, &broker) && json_strict_member(broker, "pid", &value) && json_integer(value, &pid)) {
        bool runs = pid > 0 && (kill((pid_t) pid, 0) == 0 || errno == EPERM) && !is_dead(pid);
        text_format(text,
                    runs ? "broker.json of pid %lld, which is there and does not answer"
                         : "broker.json, left behind by pid %lld, which has ended: it was killed, or it crashed",
                    pid);
    } else {
        text_add(text, "no broker.json: the last daemon, if there was one, has left in order");
    }
    text_free(&file);
}

static struct slice last_lines(struct slice log)
{
    const char *end = log.at + log.length;
    const char *from = end;
    for (int lines = 0; from > log.at; from--) {
        if (from[-1] == '\n' && from != end && ++lines == LAST_LINES) {
            break;
        }
    }
    return (struct slice){.at = from, .length = (size_t) (end - from)};
}

static void add_log(struct text *text, const char *name, struct slice log)
{
    text_format(text, "log       %s\n", name);
    struct slice rest = last_lines(log);
    while (rest.length > 0) {
        const char *newline = memchr(rest.at, '\n', rest.length);
        size_t length = newline == NULL ? rest.length : (size_t) (newline - rest.at);
        text_add(text, "          ");
        text_add_bytes(text, rest.at, length > LONGEST_LINE ? LONGEST_LINE : length);
        text_add(text, length > LONGEST_LINE ? "…\n" : "\n");
        length += newline != NULL;
        rest = (struct slice){.at = rest.at + length, .length = rest.length - length};
    }
}

/* The newest of what a daemon has said: its log, or, where it never came that far, what went to its standard error. */
static void add_last_log(struct text *text, const char *home)
{
    static const char *const names[] = {"logs/mpx.log", "logs/daemon.log"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct text log = {0};
        char *name = path_in(home, names[i]);
        bool has = file_is_regular(name) && file_read(name, LARGEST_LOG, &log) && log.length > 0;
        if (has) {
            add_log(text, name, (struct slice){.at = text_chars(&log), .length = log.length});
        }
        text_free(&log);
        free(name);
        if (has) {
            return;
        }
    }
}

/* What a service's daemon has printed. */
static void add_journal(struct text *text, const char *home)
{
    struct text journal = {0};
    if (unit_add_journal(&journal, home)) {
        text_format(text, "journal   %s\n", text_chars(&journal));
    }
    text_free(&journal);
}

static void add_what_is_there(struct text *text, const struct question *question)
{
    struct text line = {0};
    struct text logs = {0};
    text_format(&line, "home      %s", question->home);
    text_add(text, "\n");
    add_text(text, &line, WRAP_PROSE, question, LABEL);
    line.length = 0;
    text_add(&line, "found     ");
    add_found(&line, question);
    text_add(text, "\n");
    add_text(text, &line, WRAP_PROSE, question, LABEL);
    text_add(text, "\n");
    add_last_log(&logs, question->home);
    add_journal(&logs, question->home);
    plain_add(text, (struct slice){.at = text_chars(&logs), .length = logs.length}, false);
    text_free(&line);
    text_free(&logs);
}

/* ---- the whole */

static void add_json(struct text *out, struct slice reason, const struct advice *advice)
{
    char *sentence = slice_copy(reason);
    text_add(out, "{\"schema\":1,\"well\":false,\"verdict\":\"no daemon\",\"sentence\":");
    text_add_json(out, sentence);
    if (advice->prose.length > 0) {
        struct text both = {0};
        text_format(&both, "%s%s", text_chars(&advice->prose), text_chars(&advice->command));
        text_add(out, ",\"advice\":");
        text_add_json(out, text_chars(&both));
        text_free(&both);
    }
    text_add(out, ",\"daemon\":null}\n");
    free(sentence);
}

/* `advice` may be empty. */
static void tell(struct view *out, const struct question *question, const char *why, const struct advice *advice)
{
    struct text sentence = {0};
    struct slice reason = slice_of(why);
    reason.length -= reason.length > 0 && reason.at[reason.length - 1] == '.';
    out->status = NO_DAEMON;
    if (question->request->json) {
        add_json(&out->out, reason, advice);
    }
    text_add(&sentence, "mpx: no daemon: ");
    text_add_slice(&sentence, reason);
    text_add(&sentence, ".");
    add_text(&out->err, &sentence, WRAP_PROSE, question, INDENT);
    text_add(&out->err, "\n");
    if (advice->prose.length > 0) {
        text_add(&out->err, "     ");
        add_text(&out->err, &advice->prose, WRAP_PROSE, question, INDENT);
        add_text(&out->err, &advice->command, WRAP_COMMAND, question, INDENT);
        text_add(&out->err, "\n");
    }
    text_free(&sentence);
}

void no_daemon(struct view *out, const struct question *question, const char *why, bool hangs)
{
    struct advice advice = {.prose = {0}};
    add_advice(&advice, question, hangs);
    tell(out, question, why, &advice);
    advice_free(&advice);
    if (!question_is_elsewhere(question)) {
        add_what_is_there(&out->err, question);
    }
}

void no_daemon_there(struct view *out, const struct question *question, const char *why, bool hangs)
{
    struct text line = {0};
    text_format(&line, "%s ", why);
    add_tried(&line, question);
    no_daemon(out, question, text_chars(&line), hangs);
    text_free(&line);
}

void no_daemon_over_there(struct view *out, const struct question *question, const char *why)
{
    struct advice none = {.prose = {0}};
    tell(out, question, why, &none);
}
