#include "advice.h"

#include "server_record.h"
#include "shell_words.h"

#include <stdlib.h>

static void add_word(struct text *text, const char *word)
{
    text_add(text, " ");
    shell_add_word(text, word);
}

/* The command that the home's last daemon served. */
static void add_recorded_command(struct text *text, const char *home)
{
    struct text file;
    struct slice record;
    struct slice command;
    struct slice element;
    const char *before = " --";
    if (server_record_read(home, &file, &record) && json_strict_member(record, "command", &command)) {
        for (size_t place = 0; json_element(command, &place, &element);) {
            char *word = json_text(element);
            text_add(text, before);
            add_word(text, word == NULL ? "" : word);
            before = "";
            free(word);
        }
    }
    text_free(&file);
}

void advice_add(struct text *text, const char *command, const struct server_options *options, const char *home)
{
    const struct invocation *invocation = &options->invocation;
    text_format(text, "mpx %s", command);
    if (invocation->home != NULL) {
        text_add(text, " --home");
        add_word(text, home);
    }
    for (size_t i = 0; i < invocation->argument_count; i++) {
        add_word(text, invocation->arguments[i]);
    }
    if (invocation->endpoint != NULL) {
        text_add(text, " --endpoint");
        add_word(text, invocation->endpoint);
    }
    if (invocation->command != NULL) {
        text_add(text, " --");
        for (char **word = invocation->command; *word != NULL; word++) {
            add_word(text, *word);
        }
    } else if (invocation->home != NULL) {
        add_recorded_command(text, home);
    }
}
