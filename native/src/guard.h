/* `mpx guard`: the parent of the guarded program, which lets no process of its tree outlive it. */
#ifndef MPX_GUARD_H
#define MPX_GUARD_H

/* `arguments[0]` is the word "guard". Returns the status to exit with. */
int guard_main(int count, char **arguments);

#endif
