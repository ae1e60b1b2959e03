#include "target.h"

#include "text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

static bool fail(char **error, const char *before, const char *word, const char *after)
{
    struct text sentence = {0};
    text_format(&sentence, "%s%s%s", before, word, after);
    *error = text_take(&sentence);
    return false;
}

/*
 * The value of an option at *words, joined to it or the next word; *words then stands on its last word. "" if it is missing,
 * NULL if the word is something else.
 */
static const char *value_of(char ***words, const char *option)
{
    const char *behind = word_after(**words, option);
    if (behind == NULL || (*behind != '\0' && *behind != '=')) {
        return NULL;
    }
    if (*behind == '=') {
        return behind + 1;
    }
    if ((*words)[1] == NULL) {
        return "";
    }
    return *++*words;
}

/* False for wrong usage; *is becomes whether it was an option of mpx's own. */
static bool read_option(struct invocation *out, char ***words, bool *is, char **error)
{
    const char *home = value_of(words, "--home");
    const char *endpoint = home == NULL ? value_of(words, "--endpoint") : NULL;
    *is = home != NULL || endpoint != NULL;
    if (home != NULL) {
        out->home = home;
        return *home != '\0' || fail(error, "--home needs a directory.", "", "");
    }
    if (endpoint != NULL) {
        out->endpoint = endpoint;
        return *endpoint != '\0' || fail(error, "--endpoint needs an endpoint, such as unix:/path.", "", "");
    }
    return true;
}

/* What stands behind "--". */
static bool read_command(struct invocation *out, char **words, char **error)
{
    if (out->argument_count > 0) {
        return fail(error, "\"", out->arguments[0], "\" is no option of mpx. Arguments for the server go behind its command: mpx -- COMMAND ARGS…");
    }
    if (*words == NULL) {
        return fail(error, "There is no command after \"--\".", "", "");
    }
    out->command = words;
    return true;
}

static bool read_words(struct invocation *out, char **words, char **error)
{
    bool named = false;
    for (; *words != NULL; words++) {
        bool is_option;
        if (strcmp(*words, "--") == 0) {
            return read_command(out, words + 1, error);
        }
        if (!read_option(out, &words, &is_option, error)) {
            return false;
        }
        if (is_option) {
            continue;
        }
        if (strcmp(*words, "connect") == 0 && !named && out->argument_count == 0) {
            named = true; /* before or behind the options */
        } else {
            out->arguments[out->argument_count++] = *words;
        }
    }
    return true;
}

bool invocation_read(struct invocation *out, char **words, size_t count, bool all_are_the_servers, char **error)
{
    *out = (struct invocation){.arguments = need((count + 1) * sizeof *out->arguments)};
    if (all_are_the_servers) {
        memcpy(out->arguments, words, count * sizeof *words);
        out->argument_count = count;
        return true;
    }
    if (read_words(out, words, error)) {
        return true;
    }
    invocation_free(out);
    return false;
}

void invocation_free(struct invocation *invocation)
{
    free(invocation->arguments);
    *invocation = (struct invocation){0};
}
