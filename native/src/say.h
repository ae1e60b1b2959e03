/* One line at a time to stderr, which the guard shares with the child. */
#ifndef MPX_SAY_H
#define MPX_SAY_H

/*
 * Writes "mpx-guard: ", the text and a newline as one write. Never blocks: where stderr is a full pipe that nobody
 * reads, the line is lost, because a guard that waits for its reader can't end a tree.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
