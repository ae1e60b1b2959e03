#include "host_program.h"

#include "shell_words.h"

#include <string.h>

#define MISSING "mpx-is-missing:"
/* For the host's sh, whatever the login shell is: nothing in it means anything to another shell within single quotes. */
#define SCRIPT \
    "m=$HOME/.local/bin/mpx; [ -x \"$m\" ] || m=$(command -v mpx) || { echo \"" MISSING "$PATH\" >&2; exit 127; }; exec \"$m\" \"$@\""

static void add_word(struct text *line, const char *word)
{
    text_add(line, line->length > 0 ? " " : "");
    shell_add_word(line, word);
}

char *host_program_line(const struct endpoint *endpoint, const char *const *words)
{
    static const char *const begin[] = {"sh", "-c", SCRIPT, "mpx", NULL};
    struct text line = {0};
    for (const char *const *word = begin; *word != NULL; word++) {
        add_word(&line, *word);
    }
    for (; *words != NULL; words++) {
        add_word(&line, *words);
    }
    if (endpoint->home != NULL) {
        add_word(&line, "--home");
        add_word(&line, endpoint->home);
    }
    return text_take(&line);
}

char *host_program_missing(const struct endpoint *endpoint, const char *err)
{
    const char *path = strstr(err, MISSING);
    if (path == NULL) {
        return NULL;
    }
    struct text sentence = {0};
    path += strlen(MISSING);
    text_format(&sentence,
                "mpx is not installed on %s: it is neither ~/.local/bin/mpx there nor in PATH, which is %.*s for commands that are run"
                " by SSH. Install it there (./install.sh), or link ~/.local/bin/mpx to it.",
                endpoint->host, (int) strcspn(path, "\r\n"), path);
    return text_take(&sentence);
}
