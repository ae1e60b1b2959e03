/* Goes on in a process that nothing which happens to the caller's reaches, while the caller's goes home. */
#ifndef MPX_DETACH_H
#define MPX_DETACH_H

enum detached { DETACHED_CALLER, DETACHED_SELF, DETACH_FAILED };

/*
 * In a session of its own and nobody's child, with `input` (-1: nothing) for stdin and the home's logs/jobs.log for the other
 * two; no other descriptor is kept. DETACH_FAILED, in the caller's process alone, comes with a sentence in *error (to be freed).
 */
enum detached detach(const char *home, int input, char **error);

#endif
