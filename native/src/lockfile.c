#include "lockfile.h"

#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/sysmacros.h>
#endif

#if defined(F_OFD_SETLK) && !defined(MPX_WITHOUT_OFD_LOCKS)
#define HAS_OFD_LOCKS 1
#else
#define HAS_OFD_LOCKS 0
#endif

/* Shell scripts use the descriptors up to 9, and bash a few from 10 on, for themselves: stay out of their way. */
#define LOWEST_DESCRIPTOR 200

static int moved_up(int fd, int how)
{
    int high = fcntl(fd, how, LOWEST_DESCRIPTOR);
    if (high < 0) {
        high = fcntl(fd, how, 3); /* a low limit on descriptors */
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return high;
}

/*
 * O_NOFOLLOW: a link in the place of a lock file would let somebody else choose what is locked, and written to.
 * O_NONBLOCK: so that a FIFO in its place does not block the opening.
 */
static int open_once(const char *path, int create)
{
    return open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | create, 0600);
}

static int open_or_create(struct lockfile *file)
{
    int fd = open_once(file->path, 0);
    if (fd < 0 && errno == ENOENT) {
        fd = open_once(file->path, O_CREAT | O_EXCL);
        file->is_new = fd >= 0;
        if (fd < 0 && errno == EEXIST) {
            fd = open_once(file->path, 0);
        }
    }
    return fd;
}

#if HAS_OFD_LOCKS

static int open_for_claim(const struct lockfile *file)
{
    return open_once(file->path, 0);
}

#else

/*
 * Without locks on open file descriptions flock(2) does the same for a whole file, so the claim needs a file of its
 * own. Lost: a second name of the lock file (a hard link) has another claim, and Java's FileLock is not seen (Linux).
 */
static int open_for_claim(const struct lockfile *file)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s.claim", file->path) >= (int) sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open_once(path, O_CREAT);
}

#endif

static bool cannot(const char *path, const char *why)
{
    say("cannot lock %s: %s", path, why);
    return false;
}

static bool identify(struct lockfile *file)
{
    struct stat tree;
    if (fstat(file->tree, &tree) != 0) {
        return cannot(file->path, strerror(errno));
    }
    if (!S_ISREG(tree.st_mode)) {
        return cannot(file->path, "not a regular file");
    }
    file->device = tree.st_dev;
    file->inode = tree.st_ino;
#if defined(__linux__)
    snprintf(file->key, sizeof file->key, "%02x:%02x:%llu", major(tree.st_dev), minor(tree.st_dev),
             (unsigned long long) tree.st_ino);
#endif
    return true;
}

bool lockfile_open(struct lockfile *file, const char *path)
{
    *file = (struct lockfile){.path = path, .claim = -1, .tree = -1};
    int tree = open_or_create(file);
    if (tree >= 0) {
        file->tree = moved_up(tree, F_DUPFD); /* the copy is not closed on exec */
    }
    int claim = file->tree < 0 ? -1 : open_for_claim(file);
    if (claim >= 0) {
        file->claim = moved_up(claim, F_DUPFD_CLOEXEC);
    }
    if (file->claim < 0) {
        const char *why = errno == ELOOP ? "it is a symbolic link; name the file itself" : strerror(errno);
        lockfile_close(file);
        return cannot(path, why);
    }
    if (!identify(file)) {
        lockfile_close(file);
        return false;
    }
    return true;
}

void lockfile_close(struct lockfile *file)
{
    if (file->claim >= 0) {
        close(file->claim);
    }
    if (file->tree >= 0) {
        close(file->tree);
    }
    file->claim = file->tree = -1;
}

#if HAS_OFD_LOCKS

static struct flock range_from(int byte)
{
    return (struct flock){
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = byte == CLAIM_BYTE ? 1 : 0};
}

static enum lock_try try_lock(int fd, int byte)
{
    struct flock range = range_from(byte);
    if (fcntl(fd, F_OFD_SETLK, &range) == 0) {
        return LOCK_TAKEN;
    }
    return errno == EAGAIN || errno == EACCES ? LOCK_HELD : LOCK_FAILED;
}

pid_t lockfile_classic_holder(const struct lockfile *file, int byte)
{
    struct flock range = range_from(byte);
    bool known = fcntl(byte == CLAIM_BYTE ? file->claim : file->tree, F_OFD_GETLK, &range) == 0;
    return known && range.l_type != F_UNLCK && range.l_pid > 0 ? range.l_pid : 0;
}

#else

static enum lock_try try_lock(int fd, int byte)
{
    (void) byte;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return LOCK_TAKEN;
    }
    return errno == EWOULDBLOCK ? LOCK_HELD : LOCK_FAILED;
}

pid_t lockfile_classic_holder(const struct lockfile *file, int byte)
{
    (void) file;
    (void) byte;
    return 0;
}

#endif

/* Some file systems (overlay, btrfs) number their files for locks otherwise than for stat: the lock itself tells. */
static void learn_key(struct lockfile *file, int locked)
{
#if defined(__linux__)
    char path[64];
    char line[256];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", locked);
    FILE *info = fopen(path, "re");
    while (info != NULL && fgets(line, sizeof line, info) != NULL) {
        sscanf(line, "lock: %*d: %*s %*s %*s %*s %63s", file->key);
    }
    if (info != NULL) {
        fclose(info);
    }
#else
    (void) file;
    (void) locked;
#endif
}

static bool still_has_its_name(const struct lockfile *file)
{
    struct stat named;
    return lstat(file->path, &named) == 0 && named.st_dev == file->device && named.st_ino == file->inode;
}

/* False, with errno, when the claim turned out to be on a file that the path no longer names. */
static bool is_claim_good(const struct lockfile *file)
{
    struct stat claimed;
    if (still_has_its_name(file) && fstat(file->claim, &claimed) == 0
        && (!HAS_OFD_LOCKS || claimed.st_ino == file->inode)) {
        return true;
    }
    errno = ESTALE;
    return false;
}

enum lock_try lockfile_claim(struct lockfile *file)
{
    enum lock_try got = try_lock(file->claim, CLAIM_BYTE);
    if (got != LOCK_TAKEN) {
        return got;
    }
    if (!is_claim_good(file)) {
        return LOCK_FAILED;
    }
    if (HAS_OFD_LOCKS) {
        learn_key(file, file->claim);
    }
    return LOCK_TAKEN;
}

enum lock_try lockfile_take_tree(struct lockfile *file)
{
    if (file->has_tree) {
        return LOCK_TAKEN;
    }
    enum lock_try got = try_lock(file->tree, TREE_BYTE);
    file->has_tree = got == LOCK_TAKEN;
    return got;
}
