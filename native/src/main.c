/* The native program of mpx. What it is asked to be stands first on its command line, or is its name. */
#include "command.h"
#include "guard.h"
#include "launch.h"
#include "path.h"
#include "search.h"
#include "shim.h"
#include "ssh_way.h"
#include "whereabouts.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const *names)
{
    while (*names != NULL && strcmp(word, *names) != 0) {
        names++;
    }
    return *names != NULL;
}

/* Which part of mpx the words are for: the first that is no option of mpx's own says so. */
static enum java_part part_of(char **words)
{
    static const char *const help[] = {"-h", "--help", "-V", "--version", NULL};
    static const char *const commands[] = {"status", "stop",    "restart",   "ensure", "doctor", "demo",    "run",
                                           "hook",   "install", "uninstall", "logs",   "trace",  "metrics", NULL};
    /* The palace may be named for a command as well as for the server; behind it, what is no command is the server's. */
    bool palace = false;
    for (; *words != NULL; words++) {
        const char *word = *words;
        bool is_palace = strcmp(word, "--palace") == 0;
        palace = palace || is_palace || word_after(word, "--palace=") != NULL;
        if (is_palace || strcmp(word, "--home") == 0 || strcmp(word, "--endpoint") == 0) {
            if (words[1] != NULL) {
                words++;
            }
        } else if (strcmp(word, "serve") == 0) {
            return JAVA_SERVE;
        } else if (is_one_of(word, commands) || (!palace && is_one_of(word, help))) {
            return JAVA_CLI;
        } else if (word_after(word, "--home=") == NULL && word_after(word, "--palace=") == NULL
                   && word_after(word, "--endpoint=") == NULL && strcmp(word, "connect") != 0) {
            return *word == '-' || palace ? JAVA_SHIM : JAVA_CLI;
        }
    }
    return JAVA_SHIM;
}

/* MPX_SHIM=java is for comparing the two. */
static bool is_javas_turn(void)
{
    const char *which = getenv("MPX_SHIM");
    return which != NULL && strcmp(which, "java") == 0;
}

static int connect_agent(char **words, bool alias)
{
    if (is_javas_turn()) {
        return launch_java(JAVA_SHIM, alias, words);
    }
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    static struct invocation invocation; /* to the end, as the target refers to it */
    char *error = NULL;
    if (!invocation_read(&invocation, words, count, alias, &error)) {
        fprintf(stderr, "mpx: %s See: mpx --help\n", error);
        return WRONG_USAGE;
    }
    whereabouts_prescribe(invocation.endpoint);
    return ssh_way_is_javas(&invocation) ? launch_java(JAVA_SHIM, alias, words) : shim_main(&invocation);
}

static int print_version(void)
{
    printf("mpx %s\n", mpx_version());
    return WELL;
}

/* `mpx --home DIR status` is what it looks like: options that say which server is meant may come first. */
static void put_command_first(char **words)
{
    size_t at = 0;
    while (words[at] != NULL) {
        bool takes_next = strcmp(words[at], "--home") == 0 || strcmp(words[at], "--palace") == 0 || strcmp(words[at], "--endpoint") == 0;
        if (!takes_next && word_after(words[at], "--home=") == NULL && word_after(words[at], "--palace=") == NULL
            && word_after(words[at], "--endpoint=") == NULL) {
            break;
        }
        at += takes_next && words[at + 1] != NULL ? 2 : 1;
    }
    static const char *const own[] = {"status", "ensure", "run", "hook", "guest", NULL};
    if (words[at] != NULL && is_one_of(words[at], own)) {
        char *command = words[at];
        memmove(words + 1, words, at * sizeof *words);
        words[0] = command;
    }
}

static int run(char **words)
{
    static const struct {
        const char *name;
        int (*run)(char **all);
    } commands[] = {{"status", command_status}, {"ensure", command_ensure}, {"where", command_where}, {"run", command_run}, {"hook", command_hook},
                  {"guest", command_guest}};
    put_command_first(words);
    bool is_for_guests = *words != NULL && words[1] != NULL && strcmp(words[1], "--guest") == 0;
    if (*words != NULL && is_javas_turn() && (is_for_guests || strcmp(*words, "guest") == 0)) {
        return launch_java(JAVA_CLI, false, words);
    }
    for (size_t i = 0; *words != NULL && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(*words, commands[i].name) == 0) {
            return commands[i].run(words);
        }
    }
    if (*words != NULL && words[1] == NULL && (strcmp(*words, "--version") == 0 || strcmp(*words, "-V") == 0)) {
        return print_version();
    }
    if (is_for_guests && strcmp(*words, "connect") == 0) {
        return command_connect_guest(words);
    }
    enum java_part part = part_of(words);
    return part == JAVA_SHIM ? connect_agent(words, false) : launch_java(part, false, words);
}

int main(int count, char **arguments)
{
    if (count > 0 && strcmp(path_name(arguments[0]), PALACE_PROGRAM) == 0) {
        return command_mempalace(arguments + 1);
    }
    if (count > 1 && strcmp(arguments[1], "guard") == 0) {
        return guard_main(count - 1, arguments + 1);
    }
    /* Under the server's own name everything is the server's. */
    bool alias = count > 0 && strcmp(path_name(arguments[0]), "mempalace-mcp") == 0;
    return alias ? connect_agent(arguments + 1, true) : count > 0 ? run(arguments + 1) : WRONG_USAGE;
}
