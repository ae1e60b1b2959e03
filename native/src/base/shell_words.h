/* Words as a POSIX shell reads them. */
#ifndef MPX_SHELL_WORDS_H
#define MPX_SHELL_WORDS_H

#include "text.h"

/* The word itself where it means nothing to a shell, else in single quotes. */
void shell_add_word(struct text *text, const char *word);

#endif
