#include "holders.h"

#if defined(__APPLE__)

#include <libproc.h>
#include <stdlib.h>
#include <sys/proc_info.h>
#include <unistd.h>

struct search {
    const struct lockfile *file;
    struct procs *found;
};

static bool is_file(pid_t pid, int fd, const struct lockfile *file)
{
    struct vnode_fdinfo info;
    return proc_pidfdinfo(pid, fd, PROC_PIDFDVNODEINFO, &info, sizeof info) == (int) sizeof info
           && (dev_t) info.pvi.vi_stat.vst_dev == file->device && (ino_t) info.pvi.vi_stat.vst_ino == file->inode;
}

static bool has_open(pid_t pid, const struct lockfile *file)
{
    int bytes = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, NULL, 0);
    struct proc_fdinfo *descriptors = bytes > 0 ? malloc((size_t) bytes) : NULL;
    if (descriptors == NULL) {
        return false;
    }
    bytes = proc_pidinfo(pid, PROC_PIDLISTFDS, 0, descriptors, bytes);
    bool found = false;
    for (int i = 0; i < bytes / (int) sizeof *descriptors && !found; i++) {
        found = descriptors[i].proc_fdtype == PROX_FDTYPE_VNODE && is_file(pid, descriptors[i].proc_fd, file);
    }
    free(descriptors);
    return found;
}

static bool add_if_open(pid_t pid, void *context)
{
    struct search *search = context;
    struct proc one;
    if (pid == getpid() || !has_open(pid, search->file) || !proc_read(pid, &one) || one.state == 'Z') {
        return true;
    }
    return procs_add(search->found, &one);
}

bool holders_by_descriptor(const struct lockfile *file, int byte, struct procs *out)
{
    (void) byte;
    struct search search = {.file = file, .found = out};
    return proc_each(add_if_open, &search);
}

bool holders_by_environment(const struct lockfile *file, struct procs *out)
{
    (void) file;
    (void) out;
    return true;
}

#endif
