/*
 * `mpx where --jobs WHAT …`, for tests that hold this program against Java and the scripts: one line of JSON.
 *
 *   time TEXT          a length of time, in milliseconds
 *   mine WORDS…        which palace a process with this command line mines, in this environment; whether it would be a guard
 *   alias WORDS…       what becomes of `mempalace WORDS…`
 *   readers            the subcommands of mempalace that only read
 */
#ifndef MPX_WHERE_JOBS_H
#define MPX_WHERE_JOBS_H

int where_jobs(char *const *words);

#endif
