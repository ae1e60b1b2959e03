#include "advice.h"

#include "broker_file.h"

#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *word)
{
    static const char plain[] = "@%+=:,./-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *word != '\0' && word[strspn(word, plain)] == '\0';
}

/* The word itself where it means nothing to a shell, else in single quotes. */
static void add_word(struct text *text, const char *word)
{
    text_add(text, " ");
    if (is_plain(word)) {
        text_add(text, word);
        return;
    }
    text_add(text, "'");
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            text_add(text, "'\\''");
        } else {
            text_add_bytes(text, word, 1);
        }
    }
    text_add(text, "'");
}

/* The command that the home's last daemon served. */
static void add_recorded_command(struct text *text, const char *home)
{
    struct text file;
    struct slice broker;
    struct slice command;
    struct slice element;
    const char *before = " --";
    if (broker_file_read(home, &file, &broker) && json_strict_member(broker, "command", &command)) {
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
    if (invocation->command != NULL) {
        text_add(text, " --");
        for (char **word = invocation->command; *word != NULL; word++) {
            add_word(text, *word);
        }
    } else if (invocation->home != NULL) {
        add_recorded_command(text, home);
    }
}
