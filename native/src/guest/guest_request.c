#include "guest_request.h"

#include "blank.h"
#include "shell_line.h"
#include "text.h"
#include "utf8.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define KINDS 3
/* As Java counts: a character beyond the first 65536 is two. */
#define MOST_SHOWN 60

static const char *const names[KINDS] = {"ensure", "connect", "status"}; /* by enum guest_kind */

const char *guest_kind_name(enum guest_kind kind)
{
    return names[kind];
}

/* For a person's terminal or log. */
static void add_printable(struct text *out, const char *word)
{
    const char *end = word + strlen(word);
    for (size_t shown = 0; word < end;) {
        size_t length = utf8_character(word, end);
        shown += length == 4 ? 2 : 1;
        if (shown > MOST_SHOWN) {
            text_add(out, "…");
            return;
        }
        bool is_control = (unsigned char) *word < ' ' || *word == 0x7f;
        text_add_bytes(out, is_control ? "?" : word, length);
        word += length;
    }
}

static bool refuse(char **why, const char *before, const char *word, const char *behind)
{
    struct text sentence = {0};
    text_add(&sentence, before);
    if (word != NULL) {
        add_printable(&sentence, word);
        text_add(&sentence, behind);
    }
    *why = text_take(&sentence);
    return false;
}

static bool read_options(struct guest_request *out, char *const *words, char **why)
{
    bool is_guest = false;
    for (; *words != NULL; words++) {
        if (strcmp(*words, "--guest") == 0) {
            is_guest = true;
        } else if (strcmp(*words, "--json") == 0) {
            out->is_json = true;
        } else if (strcmp(*words, "--home") == 0) {
            words++;
            if (*words == NULL || blank_is(*words) || out->home != NULL) {
                return refuse(why, "--home is to be followed by one directory", NULL, "");
            }
            out->home = slice_copy(slice_of(*words));
        } else {
            return refuse(why, "a guest may not say \"", *words, "\"");
        }
    }
    if (is_guest == (out->kind == GUEST_STATUS) || (out->is_json && out->kind != GUEST_STATUS)) {
        return refuse(why, out->kind == GUEST_STATUS ? "a status is asked for without --guest" : "it lacks --guest, or has --json", NULL, "");
    }
    return true;
}

static bool read_words(struct guest_request *out, char *const *words, char **why)
{
    if (words_count(words) > 3 && strcmp(words[0], "sh") == 0 && strcmp(words[1], "-c") == 0) {
        words += 3;
    }
    if (words_count(words) < 2 || strcmp(words[0], "mpx") != 0) {
        return refuse(why, "it is no command of mpx's", NULL, "");
    }
    size_t kind = 0;
    while (kind < KINDS && strcmp(words[1], names[kind]) != 0) {
        kind++;
    }
    if (kind == KINDS) {
        return refuse(why, "\"mpx ", words[1], "\" is not for guests");
    }
    out->kind = (enum guest_kind) kind;
    return read_options(out, words + 2, why);
}

bool guest_request_read(struct guest_request *out, const char *line, char **why)
{
    *out = (struct guest_request){.home = NULL};
    if (!utf8_is_valid(slice_of(line))) { /* nobody's mpx sends that, and Java would read other names from it */
        return refuse(why, "it is not UTF-8", NULL, "");
    }
    const char *unreadable = NULL;
    char **words = shell_line_words(line, &unreadable);
    if (words == NULL) {
        return refuse(why, unreadable, NULL, "");
    }
    bool good = read_words(out, words, why);
    words_free(words);
    if (!good) {
        guest_request_free(out);
    }
    return good;
}

void guest_request_free(struct guest_request *request)
{
    free(request->home);
    *request = (struct guest_request){.home = NULL};
}
