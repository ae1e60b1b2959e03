/* The terminal that standard output is, if it is one. */
#ifndef MPX_TERMINAL_H
#define MPX_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* What a pipe or a file has: nobody's lines are that long. */
#define TERMINAL_UNLIMITED 1000000

/* COLUMNS, else the terminal's own width, else 80; TERMINAL_UNLIMITED where it is no terminal. */
long terminal_columns(void);

bool terminal_is_there(void);

/* Whether it understands escape sequences: not where TERM is unset or "dumb". */
bool terminal_is_able(void);

/* Whether colours are wanted if nothing else is said: on such a terminal, unless NO_COLOR is set (no-color.org). */
bool terminal_wants_colours(void);

/* What the whole screen is taken for until terminal_close. */
struct terminal {
    int keys;  /* where keys come from, or -1 */
    int woken; /* readable when the size has changed, or this process was stopped and goes on */
};

/*
 * Takes the screen: the alternate one, without a cursor, and keys come as they are pressed. Whatever ends this process but SIGKILL
 * gives it back. At most one at a time.
 */
void terminal_open(struct terminal *out);
void terminal_close(struct terminal *terminal);

/* As Ctrl-Z does: gives the screen back, and takes it again when the process goes on. */
void terminal_suspend(void);

/* The size of the moment, whatever COLUMNS says. */
void terminal_size(long *columns, long *rows);

#endif
