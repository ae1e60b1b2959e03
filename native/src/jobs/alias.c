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
 * that many may write to; daemon only speaks with one that runs, unless it starts it. lib/mempalace.sh has the same list.
 */
static bool reads(const char *subcommand)
{
    static const char *const names[] = {"search", "status",    "wake-up",  "repair-status", "audit",  "instructions", "rules", "mcp",
                                        "split",  "logstream", "artifact", "task",          "update", "daemon",       NULL};
    return is_one_of(subcommand, names);
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
    if (strcmp(*at, "serve") == 0 || (strcmp(*at, "daemon") == 0 && strcmp(next, "start") == 0)) {
        return ALIAS_SERVES;
    }
    return reads(*at) ? ALIAS_READS : ALIAS_WRITES;
}
