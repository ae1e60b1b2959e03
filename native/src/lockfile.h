/*
 * One lock file and the two locks a guard has on it, both on an open file description, so that the kernel drops them
 * when its last descriptor is closed, however that happens:
 *
 *   byte 0       the claim: "a guard works here". Its descriptor is closed on exec, so it is gone with the guard.
 *   bytes 1 on   the tree: its descriptor is inherited, so it is held until the last process of the tree is gone.
 *
 * Whoever has the claim and not the tree therefore knows, from the kernel and with no race, that no guard lives and
 * that its processes still do. A lock on the whole file, as Java's FileLock takes it, conflicts with both.
 */
#ifndef MPX_LOCKFILE_H
#define MPX_LOCKFILE_H

#include <stdbool.h>
#include <sys/types.h>

#define CLAIM_BYTE 0
#define TREE_BYTE 1

struct lockfile {
    const char *path;
    dev_t device;
    ino_t inode;
    int claim;
    int tree;
    bool has_tree;
    bool is_new;  /* nobody can have left anything behind */
    char key[64]; /* what the kernel calls this file where it lists locks */
};

enum lock_try { LOCK_TAKEN, LOCK_HELD, LOCK_FAILED };

/* Opens (and creates, 0600) it, without any lock yet. False, after a line to stderr, when that can't be. */
bool lockfile_open(struct lockfile *file, const char *path);
void lockfile_close(struct lockfile *file);

/* LOCK_FAILED comes with errno; ESTALE when the path has come to name another file meanwhile. */
enum lock_try lockfile_claim(struct lockfile *file);
enum lock_try lockfile_take_tree(struct lockfile *file);

/* The process whose classic (per process) lock is in the way of `byte`; 0 when it is not of that kind. */
pid_t lockfile_classic_holder(const struct lockfile *file, int byte);

#endif
