#include "command.h"

#include "alias.h"
#include "complain.h"
#include "detach.h"
#include "job.h"
#include "job_key.h"
#include "job_target.h"
#include "lent.h"
#include "mempalace.h"
#include "reap.h"
#include "run_options.h"
#include "whereabouts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void print_usage(FILE *out)
{
    fputs("usage: mpx run [--key K] [--detach] [--timeout 30m] [--wait D] [--home DIR | --palace DIR] [--endpoint URI] -- COMMAND ARGS...\n"
          "       mpx run --reap [--home DIR | --palace DIR]\n",
          out);
}

static int fail(char *error, int status)
{
    complain(error);
    free(error);
    return status;
}

static int wrong_usage(char *error)
{
    int status = fail(error, WRONG_USAGE);
    print_usage(stderr);
    return status;
}

static int run_job(const struct run_options *options, const struct target *target)
{
    char *key = options->key != NULL ? NULL : job_key(options->command, target->working_directory);
    int status = job_run(target, &(struct terms){.key = key != NULL ? key : options->key, .command = options->command,
                                                 .directory = target->working_directory, .wait_ms = options->wait_ms,
                                                 .timeout_ms = options->timeout_ms, .detached = options->detach});
    free(key);
    return status;
}

/* Whoever is part of a job has the palace already. */
static int run_command(const struct run_options *options, const struct target *target)
{
    char *error = NULL;
    bool lent = lent_is_of(target->home);
    if (!lent && !job_target_is_here(target, &error)) {
        return fail(error, DEGRADED);
    }
    enum detached place = options->detach ? detach(target->home, -1, &error) : DETACHED_SELF;
    if (place == DETACH_FAILED) {
        return fail(error, DEGRADED);
    }
    if (place == DETACHED_CALLER) {
        return WELL;
    }
    return lent ? lent_become(options->command) : run_job(options, target);
}

/* What would leave a daemon of MemPalace's own behind: a job lasts for as long as anything of it. */
static bool is_refused(char *const *command)
{
    char *const *words = command == NULL ? NULL : mempalace_arguments(command);
    bool is = words != NULL && alias_use_of(words) == ALIAS_STAYS;
    if (is) {
        struct text text = {0};
        alias_add_refusal(&text, words);
        complain(text_chars(&text));
        text_free(&text);
    }
    return is;
}

int command_run(char **all)
{
    struct run_options options;
    struct target target;
    char *error = NULL;
    if (!run_options_read(&options, all + 1, &error)) {
        return wrong_usage(error);
    }
    if (options.help) {
        print_usage(stdout);
        return WELL;
    }
    if (is_refused(options.command)) {
        return DEGRADED;
    }
    whereabouts_prescribe(options.endpoint);
    if (!job_target_find(&target, options.home, options.palace, options.command, &error)) {
        int status = fail(error, DEGRADED);
        if (options.command != NULL) {
            complain_more("The command was not run.");
        }
        return status;
    }
    int status = options.reap ? reap(&target, true) : run_command(&options, &target);
    target_free(&target);
    return status;
}
