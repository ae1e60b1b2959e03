/* Lists of words that end with NULL, as command lines are. */
#ifndef MPX_WORDS_H
#define MPX_WORDS_H

#include <stdbool.h>
#include <stddef.h>

size_t words_count(char *const *words);

/* Each word is a copy of its own. */
char **words_copy(char *const *words);
void words_free(char **words);

/* Puts `word`, which is handed over, in the place of another. */
void words_put(char **words, size_t place, char *word);

/* Behind the prefix, or NULL when `word` does not begin with it. */
const char *word_after(const char *word, const char *prefix);

#endif
