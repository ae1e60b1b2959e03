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

static bool read_home(struct invocation *out, const char *directory, char **error)
{
    if (directory == NULL || *directory == '\0') {
        return fail(error, "--home needs a directory.", "", "");
    }
    out->home = directory;
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
        const char *home = word_after(*words, "--home=");
        if (strcmp(*words, "--") == 0) {
            return read_command(out, words + 1, error);
        }
        if (strcmp(*words, "--home") == 0) {
            if (!read_home(out, words[1], error)) {
                return false;
            }
            words++;
        } else if (home != NULL) {
            if (!read_home(out, home, error)) {
                return false;
            }
        } else if (strcmp(*words, "connect") == 0 && !named && out->argument_count == 0) {
            named = true; /* before or behind --home */
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
