/* What the guard waits for: signals, the end of its own parent, and time. */
#ifndef MPX_EVENTS_H
#define MPX_EVENTS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * From here on no signal that is meant for a process does anything to the guard but what the functions below tell,
 * SIGKILL and SIGSTOP excepted. False, with errno, when there are no descriptors left for it.
 */
bool events_catch_signals(void);

/*
 * The same for a guard that shares terminal and process group with its command (`--stay`): what whoever started it has them
 * ignore stays ignored by both, as nohup and a shell's background jobs count on.
 */
bool events_catch_signals_but_ignored(void);

/* Back to what every program expects at its start, or to what is ignored by both: for the child, between fork and exec. */
void events_restore_signals(void);

/* Holds every signal back until events_release_signals; what came meanwhile is delivered then. */
void events_hold_signals(void);
void events_release_signals(void);

/*
 * Watches `parent`, which must be the parent of this process: false if it is not, because it has ended already. 0,
 * which is what a parent in another PID namespace looks like, is taken as a parent that never ends.
 */
bool events_watch_parent(pid_t parent);
bool events_parent_is_gone(void);

/* SIGTERM, SIGHUP, SIGINT or SIGQUIT, whichever came first, else 0; the first two take the place of the others. */
int events_end_asked(void);

/* SIGUSR1 came. */
bool events_kill_asked(void);

/* Returns when something happened, and after `limit_ms` at the latest (-1: only then). */
void events_wait(int64_t limit_ms);

#endif
