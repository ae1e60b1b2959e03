#include "words.h"

#include "text.h"

#include <stdlib.h>
#include <string.h>

size_t words_count(char *const *words)
{
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    return count;
}

char **words_copy(char *const *words)
{
    size_t count = words_count(words);
    char **copy = need((count + 1) * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i] = slice_copy(slice_of(words[i]));
    }
    return copy;
}

void words_free(char **words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        free(words[i]);
    }
    free(words);
}

void words_put(char **words, size_t place, char *word)
{
    free(words[place]);
    words[place] = word;
}

const char *word_after(const char *word, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(word, prefix, length) == 0 ? word + length : NULL;
}
