/* Lists of words that end with NULL, as command lines are. */
#ifndef MPX_WORDS_H
#define MPX_WORDS_H

#include <stdbool.h>
#include <stddef.h>

size_t words_count(char *const *words);

/* Each word is a copy of its own. */
char **words_copy(char *const *words);
void words_free(char **words);

/* One in the making; a zeroed one is empty. Its words end with NULL once there is one, and are to be freed with words_free. */
struct word_list {
    char **words;
    size_t count;
};

/* A copy of the word. */
void word_list_add(struct word_list *list, const char *word);

/* The word itself, which is handed over. */
void word_list_take(struct word_list *list, char *word);

void word_list_add_all(struct word_list *list, char *const *words);

void word_list_add_number(struct word_list *list, long long number);

/* The words, ended by NULL also where there is none. */
char **word_list_end(struct word_list *list);

/* Puts `word`, which is handed over, in the place of another. */
void words_put(char **words, size_t place, char *word);

/* Behind the prefix, or NULL when `word` does not begin with it. */
const char *word_after(const char *word, const char *prefix);

#endif
