/* Where somebody from another machine comes in, on the machine where the daemon lives. Java's `GuestDoor`. */
#ifndef MPX_GUEST_DOOR_H
#define MPX_GUEST_DOOR_H

/* The path of the home's socket for guests, to be freed; NULL if no daemon is on record, or that has none. */
char *guest_door_of(const char *home);

/*
 * Sees to it that the daemon runs. `all` are the words of the command, its name first, with --guest among them. Returns the exit
 * status: 0 with the door's path in *door (to be freed) and a connection in *held, to be closed by who has done what it wants
 * with the door, since a daemon that nobody talks to may leave; else all is said.
 */
int guest_door_ensure(char **all, char **door, int *held);

#endif
