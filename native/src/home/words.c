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

void word_list_take(struct word_list *list, char *word)
{
    list->words = need_more(list->words, (list->count + 2) * sizeof *list->words);
    list->words[list->count++] = word;
    list->words[list->count] = NULL;
}

void word_list_add(struct word_list *list, const char *word)
{
    word_list_take(list, slice_copy(slice_of(word)));
}

void word_list_add_all(struct word_list *list, char *const *words)
{
    for (; *words != NULL; words++) {
        word_list_add(list, *words);
    }
}

void word_list_add_number(struct word_list *list, long long number)
{
    struct text text = {0};
    text_add_number(&text, number);
    word_list_take(list, text_take(&text));
}

char **word_list_end(struct word_list *list)
{
    if (list->words == NULL) {
        list->words = need(sizeof *list->words);
        list->words[0] = NULL;
    }
    return list->words;
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
