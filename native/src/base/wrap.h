/* Words on lines that a terminal's width allows; Java's `Paragraph`, once more. */
#ifndef MPX_WRAP_H
#define MPX_WRAP_H

#include "text.h"

enum wrap {
    WRAP_PROSE,
    WRAP_COMMAND /* its lines end with a backslash and are not broken within quotes: what is copied from several is one command */
};

/*
 * Adds words that blanks divide (one at their end is left out), in lines of `columns`: the first goes on where `out` ends, the
 * others begin with `indent` blanks. A command that does not fit into the rest of a line begins the next one. A word that is wider than a line stays whole. No `columns`
 * (0): one line.
 */
void wrap_add(struct text *out, const char *words, enum wrap how, size_t columns, size_t indent);

/* How many columns a terminal takes for it, or one more for some characters that are neither Latin nor CJK. */
size_t wrap_columns(struct slice text);

#endif
