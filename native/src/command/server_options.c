#include "server_options.h"

#include "words.h"

#include <string.h>

/* The value of an option at *words, joined to it or the next word; *words then stands on its last word. NULL for none. */
static const char *value_of(char ***words, const char *name)
{
    const char *behind = word_after(**words, name);
    const char *value = NULL;
    if (behind != NULL && *behind == '=') {
        value = behind + 1;
    } else if (behind != NULL && *behind == '\0' && (*words)[1] != NULL && *(*words)[1] != '-') {
        value = *++*words;
    }
    return value != NULL && *value != '\0' ? value : NULL;
}

bool server_options_read(struct server_options *out, char **words, const char *flag)
{
    *out = (struct server_options){.arguments = {0}};
    char *palace = NULL;
    for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
        const char *value;
        if (out->invocation.home == NULL && (value = value_of(&words, "--home")) != NULL) {
            out->invocation.home = value;
        } else if (out->invocation.endpoint == NULL && (value = value_of(&words, "--endpoint")) != NULL) {
            out->invocation.endpoint = value;
        } else if (palace == NULL && (value = value_of(&words, "--palace")) != NULL) {
            palace = *words + (strlen(*words) - strlen(value));
        } else if (!out->flag && flag != NULL && strcmp(*words, flag) == 0) {
            out->flag = true;
        } else {
            return false;
        }
    }
    if (palace != NULL) {
        static char option[] = "--palace";
        out->arguments[0] = option;
        out->arguments[1] = palace;
        out->invocation.argument_count = 2;
    }
    out->invocation.arguments = out->arguments;
    if (*words != NULL && words[1] != NULL) {
        out->invocation.command = words + 1;
    }
    return true;
}
