/*
 * A command line as a POSIX shell splits it into words (Shell Command Language, 2.2), where each word stands for itself alone.
 * A line in which anything else happens (expansion, redirection, a second command, a comment) is no such line: nothing of it is
 * guessed. Java's `ShellLine`.
 */
#ifndef MPX_SHELL_LINE_H
#define MPX_SHELL_LINE_H

/* To be freed with words_free; NULL, with why it is more than words in *why, a constant. */
char **shell_line_words(const char *line, const char **why);

#endif
