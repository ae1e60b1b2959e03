#include "advice.h"

#include "shell_words.h"

#include <stdlib.h>

static void add_word(struct text *text, const char *word)
{
    text_add(text, " ");
    shell_add_word(text, word);
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
    }
}
