#include "shell_words.h"

#include <string.h>

static bool is_plain(const char *word)
{
    static const char plain[] = "@%+=:,./-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *word != '\0' && word[strspn(word, plain)] == '\0';
}

void shell_add_word(struct text *text, const char *word)
{
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
