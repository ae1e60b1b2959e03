#include "mempalace.h"

#include "path.h"
#include "words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Behind so many words nobody looks for the program that a runner runs. */
#define RUNNERS_WORDS 12

static bool is_one_of(const char *word, const char *const *names)
{
    while (*names != NULL && strcmp(word, *names) != 0) {
        names++;
    }
    return *names != NULL;
}

static bool is_interpreter(const char *name)
{
    static const char *const shells[] = {"sh", "bash", "dash", "zsh", NULL};
    return word_after(name, "python") != NULL || word_after(name, "pypy") != NULL || is_one_of(name, shells);
}

static bool is_runner(const char *name)
{
    static const char *const runners[] = {"env",  "uv",      "uvx",    "pipx",   "nohup", "nice",
                                          "time", "timeout", "setsid", "stdbuf", "ionice", NULL};
    return is_one_of(name, runners);
}

static bool is_module(const char *word)
{
    static const char *const modules[] = {MEMPALACE, MEMPALACE ".cli", MEMPALACE ".__main__", NULL};
    return word != NULL && is_one_of(word, modules);
}

/* Behind the interpreter's own options: a module, or the script. */
static char *const *behind_interpreter(char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(*words, "-m") == 0) {
            return is_module(words[1]) ? words + 2 : NULL;
        }
        if (strcmp(*words, "-c") == 0) {
            return NULL; /* the next word is a program itself, whatever its name */
        }
        bool takes_next = strcmp(*words, "-W") == 0 || strcmp(*words, "-X") == 0;
        if (takes_next && words[1] != NULL) {
            words++;
        } else if (**words != '-') {
            return strcmp(path_name(*words), MEMPALACE) == 0 ? words + 1 : NULL;
        }
    }
    return NULL;
}

char *const *mempalace_arguments(char *const *argv)
{
    if (*argv == NULL) {
        return NULL;
    }
    const char *name = path_name(*argv);
    if (strcmp(name, MEMPALACE) == 0) {
        return argv + 1;
    }
    if (is_interpreter(name)) {
        return behind_interpreter(argv + 1);
    }
    for (size_t i = 1; is_runner(name) && i < RUNNERS_WORDS && argv[i] != NULL; i++) {
        char *const *found = mempalace_arguments(argv + i);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* Whether the word is that option, which argparse lets one shorten; *joined is what stands behind its "=", or NULL. */
static bool is_option(const char *word, const char *name, const char **joined)
{
    size_t length = strcspn(word, "=");
    *joined = word[length] == '=' ? word + length + 1 : NULL;
    return length > 2 && strncmp(word, name, length) == 0;
}

/* If it is a --palace, sets *palace. Returns the last word of the option. */
static char *const *read_option(char *const *words, const char **palace)
{
    const char *joined;
    bool is_palace = is_option(*words, "--palace", &joined);
    if (!is_palace && !is_option(*words, "--backend", &joined)) {
        return words;
    }
    if (joined == NULL && words[1] != NULL) {
        joined = *++words;
    }
    *palace = is_palace && joined != NULL ? joined : *palace;
    return words;
}

/* The subcommand, or the end. *palace is the last --palace before it, if there is one. */
static char *const *subcommand(char *const *words, const char **palace)
{
    for (; *words != NULL && **words == '-'; words++) {
        words = read_option(words, palace);
    }
    return words;
}

char *const *mempalace_subcommand(char *const *arguments)
{
    const char *palace = NULL;
    return subcommand(arguments, &palace);
}

bool mempalace_is_itself(char *const *argv)
{
    return *argv != NULL && !is_runner(path_name(*argv));
}

bool mempalace_is_mine(char *const *argv, char *const **rest)
{
    char *const *words = mempalace_arguments(argv);
    const char *palace = NULL;
    if (words == NULL) {
        return false;
    }
    words = subcommand(words, &palace);
    if (*words == NULL || strcmp(*words, "mine") != 0) {
        return false;
    }
    *rest = words + 1;
    return true;
}

const char *mempalace_palace(char *const *argv)
{
    char *const *words = mempalace_arguments(argv);
    const char *palace = NULL;
    if (words != NULL) {
        words = subcommand(words, &palace);
    }
    /* These take it behind their name as well. */
    if (words != NULL && *words != NULL && (strcmp(*words, "init") == 0 || strcmp(*words, "serve") == 0)) {
        while (*++words != NULL && strcmp(*words, "--") != 0) {
            const char *joined;
            words = is_option(*words, "--palace", &joined) ? read_option(words, &palace) : words;
        }
    }
    return palace;
}

void mempalace_writes_itself(void)
{
    static const char *const variables[][2] = {
        {"MEMPALACE_CLI_WRITE_ROUTING", "direct"}, {"MEMPALACE_HOOK_WRITE_ROUTING", "direct"},
        {"MEMPALACE_HOOKS_DAEMON", "0"}, /* of versions before 3.7 */
        {"MEMPALACE_HUB_FORWARD", "0"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        setenv(variables[i][0], variables[i][1], 0);
    }
}
