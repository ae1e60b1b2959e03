/*
 * driver load [OPTION=NUMBER ...] -- COMMAND ...
 * driver starts [OPTION=NUMBER ...] -- COMMAND ...
 *
 * The options are the members of struct plan. `load` opens the sessions, warms them up and prints a line of JSON ("ready"); then it
 * takes lines: `go`, with options that differ from before, has it measure and print what it has measured ("done"), anything else ends
 * it. Status 1: something was answered wrongly or not at all, and standard error says what.
 */
#include "driver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

bool plan_take_option(struct plan *plan, const char *word)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL) {
        return false;
    }
    size_t length = (size_t) (equals - word);
    double number = atof(equals + 1);
    struct {
        const char *name;
        unsigned *count;
        unsigned long *large;
        double *real;
    } options[] = {
        {.name = "sessions", .count = &plan->sessions}, {.name = "window", .count = &plan->load.window},
        {.name = "size", .large = &plan->load.size}, {.name = "work", .large = &plan->load.work},
        {.name = "warm", .real = &plan->warm_seconds}, {.name = "seconds", .real = &plan->seconds},
        {.name = "longest", .real = &plan->longest}, {.name = "pause", .real = &plan->pause},
        {.name = "calls", .large = &plan->calls}, {.name = "least", .large = &plan->least},
        {.name = "stalled", .count = &plan->stalled}, {.name = "slow", .count = &plan->slow},
        {.name = "repeat", .count = &plan->repeat}, {.name = "patience", .count = &plan->patience_seconds},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strlen(options[i].name) == length && memcmp(options[i].name, word, length) == 0) {
            if (options[i].count != NULL) {
                *options[i].count = (unsigned) number;
            } else if (options[i].large != NULL) {
                *options[i].large = (unsigned long) number;
            } else {
                *options[i].real = number;
            }
            return true;
        }
    }
    return false;
}

/* Three descriptors for each session. */
static void raise_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static void on_silence(int signal)
{
    (void) signal;
    broken("no answer in time", "", 0);
}

int main(int count, char **words)
{
    struct plan plan = {.sessions = 1, .load = {.window = 1, .size = 16}, .seconds = 0.5, .warm_seconds = 0.1, .least = 1, .repeat = 1,
                        .patience_seconds = 30};
    int next = 2;
    while (next < count && strcmp(words[next], "--") != 0 && plan_take_option(&plan, words[next])) {
        next++;
    }
    if (next + 1 >= count || strcmp(words[next], "--") != 0) {
        fprintf(stderr, "driver: usage: driver load|starts [OPTION=NUMBER ...] -- COMMAND ...\n");
        return 2;
    }
    plan.command = words + next + 1;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGALRM, on_silence);
    raise_limit();
    if (strcmp(words[1], "starts") == 0) {
        drive_starts(&plan);
    } else {
        drive_load(&plan);
    }
    return 0;
}
