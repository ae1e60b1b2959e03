#include "job_key.h"

#include "mempalace.h"
#include "path.h"
#include "text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* What a mine's words say of where, how and into what it works. */
struct mine {
    const char *source;
    const char *mode;
    const char *wing;
    struct text others; /* what else it was told, such as --dry-run: it makes another job */
};

static bool takes_value(const char *option)
{
    static const char *const options[] = {"--backend", "--source", "--related-drawer-id", "--include-ignored",
                                          "--agent",   "--limit",  "--extract",           "--max-chunks-per-file"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (strcmp(option, options[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The value of the option at **words, joined or the next word; *words then stands on its last word. NULL for another one. */
static const char *value_of(char *const **words, const char *name)
{
    const char *behind = word_after(**words, name);
    if (behind != NULL && *behind == '=') {
        return behind + 1;
    }
    return behind != NULL && *behind == '\0' && (*words)[1] != NULL ? *++*words : NULL;
}

static void add_word(struct text *text, const char *word)
{
    text_add(text, " ");
    text_add_json(text, word);
}

static struct mine read_mine(char *const *words)
{
    struct mine mine = {.mode = "projects"};
    for (; *words != NULL; words++) {
        const char *value;
        if ((value = value_of(&words, "--mode")) != NULL) {
            mine.mode = value;
        } else if ((value = value_of(&words, "--wing")) != NULL) {
            mine.wing = value;
        } else if (**words != '-' && mine.source == NULL) {
            mine.source = *words;
        } else {
            add_word(&mine.others, *words);
            if (takes_value(*words) && words[1] != NULL) {
                add_word(&mine.others, *++words);
            }
        }
    }
    return mine;
}

/* NULL for one that names no source: it will only complain. */
static char *key_of_mine(char *const *words, const char *directory)
{
    struct mine mine = read_mine(words);
    struct text key = {0};
    if (mine.source != NULL) {
        char *absolute = path_join(directory, mine.source);
        char *real = path_real(absolute);
        text_add(&key, MEMPALACE " mine");
        add_word(&key, real);
        text_add(&key, " --mode");
        add_word(&key, mine.mode);
        if (mine.wing != NULL) {
            text_add(&key, " --wing");
            add_word(&key, mine.wing);
        }
        text_add(&key, text_chars(&mine.others));
        free(real);
        free(absolute);
    }
    text_free(&mine.others);
    return mine.source == NULL ? NULL : text_take(&key);
}

char *job_key(char *const *command, const char *directory)
{
    char *const *words;
    char *mine = mempalace_is_mine(command, &words) ? key_of_mine(words, directory) : NULL;
    if (mine != NULL) {
        return mine;
    }
    struct text key = {0};
    text_add_json(&key, *command);
    for (char *const *word = command + 1; *word != NULL; word++) {
        add_word(&key, *word);
    }
    text_add(&key, " in");
    add_word(&key, directory);
    return text_take(&key);
}
