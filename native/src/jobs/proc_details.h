/* What the kernel tells of another process of this user's: words to be freed, NULL where it does not tell. */
#ifndef MPX_PROC_DETAILS_H
#define MPX_PROC_DETAILS_H

#include <stdbool.h>
#include <sys/types.h>

bool proc_is_of_this_user(pid_t pid);

/* Its command line. */
char **proc_words(pid_t pid);

/* "NAME=VALUE", as it was started with. */
char **proc_variables(pid_t pid);

char *proc_directory(pid_t pid);

/* "|KEY|" as it stands in MPX_GUARDED below a guard that holds the home's child.lock; NULL if there is no such file. */
char *lock_key_of(const char *home);

#endif
