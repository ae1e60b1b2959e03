#include "command.h"

#include "alias.h"
#include "complain.h"
#include "job_target.h"
#include "launch.h"
#include "lent.h"
#include "mempalace.h"
#include "search.h"
#include "text.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_FOUND 127

/* As long as the server's own tool for it may take; somebody who types a command waits for it, unlike who starts a hook. */
#define JOB_TIMEOUT "2h"

static int fail(struct text *text, int status)
{
    complain(text_chars(text));
    text_free(text);
    return status;
}

/* FIRST words, then `words`. Every word stays who it is. */
static char **joined(char *const *first, char *const *words)
{
    size_t before = words_count(first);
    size_t count = words_count(words);
    char **all = need((before + count + 1) * sizeof *all);
    memcpy(all, first, before * sizeof *all);
    memcpy(all + before, words, (count + 1) * sizeof *all);
    return all;
}

/*
 * Becomes mpx under its own name, so that whoever looks for mines in the process table doesn't take one that waits for its turn for
 * one that runs.
 */
static int become_mpx(char *const *first, char *const *words)
{
    char **all = joined(first, words);
    execv(mpx_program(), all);
    struct text text = {0};
    text_format(&text, "cannot run %s: %s. The command was not run.", mpx_program(), strerror(errno));
    free(all);
    return fail(&text, NO_DAEMON);
}

static int become_job(char *real, char **words)
{
    static char mpx[] = "mpx";
    static char run[] = "run";
    static char option[] = "--timeout";
    static char timeout[] = JOB_TIMEOUT;
    static char end[] = "--";
    char *first[] = {mpx, run, option, timeout, end, real, NULL};
    return become_mpx(first, words);
}

static int become_hook(char *palace, char *const *hook)
{
    static char mpx[] = "mpx";
    static char name[] = "hook";
    static char option[] = "--palace";
    char *first[] = {mpx, name, palace != NULL ? option : NULL, palace, NULL};
    return become_mpx(first, hook + 1);
}

/* A hook that was given more than mpx hook takes is a job that is waited for: nothing is left out. */
static bool is_plain(char *const *words, char *const *hook, const char *palace)
{
    return hook == words || (palace != NULL && (hook == words + 1 || (hook == words + 2 && words[1] == palace)));
}

/* What is part of a job waits for nobody. */
static bool is_lent(char *const *command)
{
    struct target target = {0};
    char *error = NULL;
    bool is = getenv(LENT_VARIABLE) != NULL && job_target_find(&target, NULL, NULL, command, &error) && lent_is_of(target.home);
    target_free(&target);
    free(error);
    return is;
}

static int refuse_server(const char *real, char *const *words)
{
    struct text text = {0};
    alias_add_refusal(&text, words);
    text_format(&text, " For a palace that mpx has nothing to do with, run the real one: %s", real);
    return fail(&text, DEGRADED);
}

static int become(char *real, char **words)
{
    char *first[] = {real, NULL};
    char **command = joined(first, words);
    enum alias_use use = alias_use_of(words);
    if (use == ALIAS_STAYS) {
        return refuse_server(real, words); /* also within a job, which would last as long as that daemon */
    }
    if (use == ALIAS_READS || is_lent(command)) {
        return lent_become(command);
    }
    if (use == ALIAS_SERVES) {
        return refuse_server(real, words);
    }
    char *palace = (char *) mempalace_palace(command); /* one of `words` */
    char *const *subcommand = mempalace_subcommand(words);
    return use == ALIAS_HOOKS && is_plain(words, subcommand, palace) ? become_hook(palace, subcommand) : become_job(real, words);
}

int command_mempalace(char **words)
{
    struct environment environment;
    char *error = NULL;
    if (!environment_read(&environment, &error)) {
        complain(error);
        free(error);
        return DEGRADED;
    }
    char *real = search_palace_program(&environment);
    environment_free(&environment);
    if (real == NULL) {
        complain("mpx stands in the place of mempalace here, and found no real one on PATH or where it was when mpx was installed. Install"
                 " MemPalace (pip install mempalace), or take mpx out of its place: ./install.sh --uninstall");
        return NOT_FOUND;
    }
    return become(real, words);
}
