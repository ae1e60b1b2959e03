/* The mounted file system that a path lies on; Java's `Mount`. */
#ifndef MPX_MOUNT_H
#define MPX_MOUNT_H

#include <stdbool.h>

/* A zeroed one is none. The texts are its own. */
struct mount {
    char *point;
    char *type; /* such as ext4, virtiofs or fuse.sshfs */
    char *source;
};

/* That of a path, which need not exist; it must be a real path, without symbolic links. False where that can't be told. */
bool mount_find(struct mount *out, const char *path);

/* The same by a table in the form of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
bool mount_find_in(struct mount *out, const char *table, const char *path);

void mount_free(struct mount *mount);

/* Whether locks and sockets on it may mean nothing to who else sees it. */
bool mount_may_be_shared(const struct mount *mount);

/* Whether that is known of the path's mount. */
bool mount_is_shared(const char *path);

/* For people; to be freed. */
char *mount_text(const struct mount *mount);

#endif
