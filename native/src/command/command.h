/*
 * The commands that this program answers itself, since they must be instant. Each gets the words behind its name and
 * returns the status to exit with. What one of them can't read or do is left to Java, which knows every option.
 */
#ifndef MPX_COMMAND_H
#define MPX_COMMAND_H

/* What mpx's exit statuses mean. */
enum exit_status { WELL = 0, DEGRADED = 1, WRONG_USAGE = 2, NO_DAEMON = 3 };

/* `mpx status`: the daemon renders, this prints. Never starts a daemon. `all` are the words with "status" first. */
int command_status(char **all);

/* `mpx ensure`: where the daemon listens; if none does, Java starts it. */
int command_ensure(char **all);

/* `mpx run`: borrows the palace and runs a command meanwhile; or, with --reap, ends mines that nobody waits for. */
int command_run(char **all);

/* `mpx hook`, in place of `mempalace hook`: the same as a job that nobody waits for. */
int command_hook(char **all);

/* Under the name `mempalace`, with the words behind it: as `mpx run`, as `mpx hook`, or the real one. */
int command_mempalace(char **words);

/* `mpx where`, for tests: what would be looked for, as one line of JSON. */
int command_where(char **all);

#endif
