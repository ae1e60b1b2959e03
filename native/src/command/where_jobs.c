#include "where_jobs.h"

#include "alias.h"
#include "command.h"
#include "duration.h"
#include "orphans.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int print_line(struct text *line)
{
    puts(text_chars(line));
    text_free(line);
    return WELL;
}

static int time_of(const char *written)
{
    struct text line = {0};
    int64_t ms = -1;
    text_format(&line, "{\"ms\":%lld}", (long long) (duration_read(written, &ms) ? ms : -1));
    return print_line(&line);
}

static int mine_of(char *const *words)
{
    struct text line = {0};
    char *palace = orphan_palace(getpid(), words);
    text_add(&line, "{\"palace\":");
    text_add_json(&line, palace != NULL ? palace : "none");
    text_format(&line, ",\"guard\":%s}", orphan_is_guard(words) ? "true" : "false");
    free(palace);
    return print_line(&line);
}

static int alias_of(char *const *words)
{
    static const char *const names[] = {
        [ALIAS_READS] = "reads", [ALIAS_WRITES] = "writes", [ALIAS_HOOKS] = "hooks", [ALIAS_SERVES] = "serves", [ALIAS_STAYS] = "stays"};
    struct text line = {0};
    text_format(&line, "{\"use\":\"%s\"}", names[alias_use_of(words)]);
    return print_line(&line);
}

static int readers(void)
{
    struct text line = {0};
    text_add(&line, "{\"readers\":[");
    for (const char *const *name = alias_readers(); *name != NULL; name++) {
        text_add(&line, name == alias_readers() ? "" : ",");
        text_add_json(&line, *name);
    }
    text_add(&line, "]}");
    return print_line(&line);
}

int where_jobs(char *const *words)
{
    if (words[0] == NULL) {
        return WRONG_USAGE;
    }
    return strcmp(words[0], "mine") == 0      ? mine_of(words + 1)
           : strcmp(words[0], "alias") == 0   ? alias_of(words + 1)
           : strcmp(words[0], "readers") == 0 ? readers()
           : strcmp(words[0], "time") == 0 && words[1] != NULL ? time_of(words[1])
                                                               : WRONG_USAGE;
}
