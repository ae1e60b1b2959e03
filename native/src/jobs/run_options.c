#include "run_options.h"

#include "duration.h"
#include "text.h"
#include "words.h"

#include <stddef.h>
#include <string.h>

#define USUAL_TIMEOUT_MS (30 * 60 * 1000)

static bool fail(char **error, const char *before, const char *word, const char *after)
{
    struct text sentence = {0};
    text_format(&sentence, "%s%s%s", before, word, after);
    *error = text_take(&sentence);
    return false;
}

static bool read_duration(const char *option, const char *value, int64_t *ms, char **error)
{
    return duration_read_option(value, ms)
           || fail(error, option, "", " needs a length of time such as 90s, 10m or 1h30m, at most 24h.");
}

static bool read_value(struct run_options *out, const char *name, const char *value, char **error)
{
    if (value == NULL || *value == '\0') {
        return fail(error, name, "", " needs a value.");
    }
    if (strcmp(name, "--key") == 0) {
        out->key = value;
    } else if (strcmp(name, "--home") == 0) {
        out->home = value;
    } else if (strcmp(name, "--palace") == 0) {
        out->palace = value;
    } else if (strcmp(name, "--endpoint") == 0) {
        out->endpoint = value;
    } else {
        return strcmp(name, "--wait") == 0 ? read_duration(name, value, &out->wait_ms, error)
                                           : read_duration(name, value, &out->timeout_ms, error);
    }
    return true;
}

/* The name of the option that has a value, in `word` as it is or joined to it; NULL for another word. */
static const char *name_of(const char *word, const char **joined)
{
    static const char *const names[] = {"--key", "--home", "--palace", "--endpoint", "--wait", "--timeout"};
    *joined = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *behind = word_after(word, names[i]);
        if (behind != NULL && (*behind == '\0' || *behind == '=')) {
            *joined = *behind == '=' ? behind + 1 : NULL;
            return names[i];
        }
    }
    return NULL;
}

/* Those without a value. */
static bool read_flag(struct run_options *out, const char *word, char **error)
{
    bool *flag = strcmp(word, "--detach") == 0 ? &out->detach
                 : strcmp(word, "--reap") == 0 ? &out->reap
                 : strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ? &out->help
                                                                          : NULL;
    if (flag == NULL) {
        return *word == '-' ? fail(error, "\"", word, "\" is no option of mpx run.")
                            : fail(error, "The command to run goes behind \"--\": mpx run -- ", word, " …");
    }
    *flag = true;
    return true;
}

bool run_options_read(struct run_options *out, char **words, char **error)
{
    *out = (struct run_options){.timeout_ms = USUAL_TIMEOUT_MS, .wait_ms = -1};
    for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
        const char *value;
        const char *name = name_of(*words, &value);
        if (name == NULL) {
            if (!read_flag(out, *words, error)) {
                return false;
            }
            continue;
        }
        if (value == NULL && words[1] != NULL && strcmp(words[1], "--") != 0) {
            value = *++words;
        }
        if (!read_value(out, name, value, error)) {
            return false;
        }
    }
    if (*words != NULL && words[1] != NULL) {
        out->command = words + 1;
    }
    if (out->reap && out->command != NULL) {
        return fail(error, "--reap", "", " runs no command.");
    }
    return out->command != NULL || out->reap || out->help || fail(error, "There is no command", "", " after \"--\".");
}
