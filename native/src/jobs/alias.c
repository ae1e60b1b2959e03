#include "alias.h"

#include "mempalace.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const *names)
{
    while (*names != NULL && strcmp(word, *names) != 0) {
        names++;
    }
    return *names != NULL;
}

static bool asks_for_help(char *const *words)
{
    static const char *const help[] = {"-h", "--help", NULL};
    while (*words != NULL && strcmp(*words, "--") != 0 && !is_one_of(*words, help)) {
        words++;
    }
    return *words != NULL && strcmp(*words, "--") != 0;
}

/*
 * Those of MemPalace 3.3 to 3.11 that open no palace, or open it to read. logstream, artifact and task have a database of their own
 * that many may write to; daemon only speaks with one that runs, unless it starts it. lib/mempalace.sh has the same list, and a test
 * compares the two (AliasScriptIT).
 */
const char *const *alias_readers(void)
{
    static const char *const names[] = {"search", "status",    "wake-up",  "repair-status", "audit",  "instructions", "rules", "mcp",
                                        "split",  "logstream", "artifact", "task",          "update", "daemon",       NULL};
    return names;
}

/*
 * What MemPalace 3.7 and newer hand to a daemon of theirs for that option, and start it if there is none. It may be shortened;
 * "--d" and shorter could be others as well, which argparse refuses.
 */
static bool asks_for_daemon(char *const *at)
{
    static const char *const routed[] = {"mine", "init", "sync", "sweep", NULL};
    static const char option[] = "--daemon";
    if (!is_one_of(*at, routed)) {
        return false;
    }
    for (at++; *at != NULL && strcmp(*at, "--") != 0; at++) {
        size_t length = strlen(*at);
        if (length >= sizeof "--da" - 1 && strncmp(*at, option, length) == 0) {
            return true;
        }
    }
    return false;
}

enum alias_use alias_use_of(char *const *words)
{
    char *const *at = mempalace_subcommand(words);
    if (*at == NULL || asks_for_help(words)) {
        return ALIAS_READS; /* --version, too */
    }
    const char *next = at[1] != NULL ? at[1] : "";
    if (strcmp(*at, "hook") == 0) {
        return strcmp(next, "run") == 0 ? ALIAS_HOOKS : ALIAS_READS;
    }
    if (strcmp(*at, "serve") == 0) {
        return ALIAS_SERVES;
    }
    if ((strcmp(*at, "daemon") == 0 && strcmp(next, "start") == 0) || asks_for_daemon(at)) {
        return ALIAS_STAYS;
    }
    return is_one_of(*at, alias_readers()) ? ALIAS_READS : ALIAS_WRITES;
}

void alias_add_refusal(struct text *text, char *const *words)
{
    const char *subcommand = *mempalace_subcommand(words);
    if (alias_use_of(words) == ALIAS_SERVES) {
        text_format(text, "\"mempalace %s\" opens a server that keeps the palace open beside the server that mpx shares, and two"
                          " writers corrupt it: it was not run. Agents need none of it, as mpx shares the palace already.", subcommand);
    } else if (strcmp(subcommand, "daemon") == 0) {
        text_add(text, "\"mempalace daemon start\" leaves a daemon of MemPalace's own behind, a writer beside the server that mpx shares,"
                       " and two writers corrupt a palace: it was not run. Agents need none of it, as mpx shares the palace already.");
    } else {
        text_format(text, "\"mempalace %s --daemon\" hands its work to a daemon of MemPalace's own and leaves that behind, a writer"
                          " beside the server that mpx shares, and two writers corrupt a palace: it was not run. Without --daemon it"
                          " does the same work itself, when it is its turn.", subcommand);
    }
}
