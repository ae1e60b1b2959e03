#include "command.h"

#include "target.h"
#include "text.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>

static void add_member(struct text *line, const char *name, const char *value)
{
    text_add_json(line, name);
    text_add(line, ":");
    if (value == NULL) {
        text_add(line, "null");
    } else {
        text_add_json(line, value);
    }
}

static void print_line(struct text *line)
{
    text_add(line, "}\n");
    fputs(text_chars(line), stdout);
    text_free(line);
}

static int print_error(char *error, int status)
{
    struct text line = {0};
    text_add(&line, "{");
    add_member(&line, "error", error);
    print_line(&line);
    free(error);
    return status;
}

static void print_target(const struct target *target)
{
    struct text line = {0};
    text_add(&line, "{");
    add_member(&line, "home", target->home);
    text_add(&line, ",");
    add_member(&line, "palace", target->palace);
    text_add(&line, ",\"argv\":[");
    for (size_t i = 0; target->argv[i] != NULL; i++) {
        text_add(&line, i > 0 ? "," : "");
        text_add_json(&line, target->argv[i]);
    }
    text_add(&line, "]");
    print_line(&line);
}

int command_where(char **all)
{
    struct invocation invocation;
    struct target target;
    char *error = NULL;
    if (!invocation_read(&invocation, all + 1, words_count(all + 1), false, &error)) {
        return print_error(error, WRONG_USAGE);
    }
    bool found = target_find(&target, &invocation, &error);
    if (found) {
        print_target(&target);
        target_free(&target);
    }
    invocation_free(&invocation);
    return found ? WELL : print_error(error, DEGRADED);
}
