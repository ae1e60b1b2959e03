#include "command.h"

#include "complain.h"
#include "detach.h"
#include "hook_input.h"
#include "job.h"
#include "job_target.h"
#include "lent.h"
#include "mempalace.h"
#include "reap.h"
#include "search.h"
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What MemPalace itself gives the mines of its hooks. */
#define TIMEOUT_MS (2 * 60 * 60 * 1000)

/*
 * Whatever goes wrong is said on stderr and is no failure: an agent takes 2 from a hook for "stop", and what a hook would have
 * saved is not worth that.
 */
static int let_agent_go_on(char *error)
{
    complain(error);
    free(error);
    return WELL;
}

/* `mempalace [--palace DIR] hook …`, the real one. To be freed with words_free; NULL, with a sentence, if there is none. */
static char **real_command(const char *palace, char *const *words, char **error)
{
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return NULL;
    }
    char *program = search_palace_program(&environment);
    environment_free(&environment);
    if (program == NULL) {
        *error = slice_copy(slice_of("mpx found no mempalace on PATH to run the hook with (itself aside); the hook was left out."));
        return NULL;
    }
    struct word_list command = {0};
    word_list_take(&command, program);
    if (palace != NULL) {
        word_list_add(&command, "--palace");
        word_list_add(&command, palace);
    }
    word_list_add(&command, "hook");
    word_list_add_all(&command, words);
    return command.words;
}

/* The same hook of the same session is the same job. */
static char *key_of(char *const *command, const struct text *input)
{
    struct text key = {0};
    text_add(&key, MEMPALACE);
    for (char *const *word = command + 1; *word != NULL; word++) {
        text_add(&key, " ");
        text_add(&key, *word);
    }
    char *session = hook_input_session(input);
    if (session != NULL) {
        text_format(&key, " of session %s", session);
    }
    free(session);
    return text_take(&key);
}

/* In the process that the agent does not know of. */
static int run_hook(const struct target *target, char *const *command, const char *key, bool lent)
{
    reap(target, false);
    if (lent) {
        return lent_become(command);
    }
    return job_run(target, &(struct terms){.key = key, .command = command, .directory = target->working_directory, .wait_ms = -1,
                                           .timeout_ms = TIMEOUT_MS, .detached = true});
}

static int detach_hook(const struct target *target, char *const *command, const struct text *input)
{
    struct text sentence = {0};
    char *error = NULL;
    if (!home_prepare(target->home, &error)) {
        return let_agent_go_on(error);
    }
    int file = hook_input_file(input, target->home);
    if (file < 0) {
        text_format(&sentence, "mpx can't keep the hook's input in %s: %s; the hook was left out.", target->home, strerror(errno));
        return let_agent_go_on(text_take(&sentence));
    }
    bool lent = lent_is_of(target->home);
    enum detached place = detach(target->home, file, &error);
    if (place == DETACHED_SELF) {
        char *key = key_of(command, input);
        int status = run_hook(target, command, key, lent);
        free(key);
        return status;
    }
    close(file);
    return place == DETACH_FAILED ? let_agent_go_on(error) : WELL;
}

/* The options of mpx's own before the hook's words, which begin at the first other one. */
static char **read_own_options(char **words, const char **home, const char **palace)
{
    for (; *words != NULL; words++) {
        const char **value = word_after(*words, "--home") != NULL ? home : word_after(*words, "--palace") != NULL ? palace : NULL;
        if (value == NULL) {
            break;
        }
        const char *equals = strchr(*words, '=');
        if (equals != NULL) {
            *value = equals + 1;
        } else if (words[1] != NULL) {
            *value = *++words;
        }
    }
    return words;
}

/* An agent's directory may have been removed since it was started. Whether there is one now. */
static bool is_somewhere(char **error)
{
    char *here = getcwd(NULL, 0);
    bool is = here != NULL || chdir("/") == 0;
    free(here);
    if (!is) {
        *error = slice_copy(slice_of("mpx can't go to /, and the working directory is gone; the hook was left out."));
    }
    return is;
}

int command_hook(char **all)
{
    const char *home = NULL;
    const char *palace = NULL;
    char *error = NULL;
    struct target target = {0};
    struct text input;
    char **words = read_own_options(all + 1, &home, &palace);
    if (*words == NULL) {
        complain("usage: mpx hook [--home DIR | --palace DIR] run --hook NAME --harness NAME");
        return DEGRADED; /* not 2, by which a hook stops its agent */
    }
    hook_input_read(&input);
    char **command = is_somewhere(&error) ? real_command(palace, words, &error) : NULL;
    bool ready = command != NULL && job_target_find(&target, home, palace, NULL, &error) && job_target_is_here(&target, &error);
    int status = ready ? detach_hook(&target, command, &input) : let_agent_go_on(error);
    target_free(&target);
    words_free(command);
    text_free(&input);
    return status;
}
