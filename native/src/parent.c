#include "parent.h"

#include <fcntl.h>
#include <unistd.h>

#if defined(__linux__)

#include <sys/syscall.h>

/* A pidfd fires when the whole process has ended, not when the thread that started this one has. */
int parent_open(pid_t pid)
{
#if defined(SYS_pidfd_open)
    return (int) syscall(SYS_pidfd_open, pid, 0); /* close-on-exec by itself */
#else
    (void) pid;
    return -1;
#endif
}

#elif defined(__APPLE__)

#include <sys/event.h>

int parent_open(pid_t pid)
{
    int queue = kqueue();
    if (queue < 0) {
        return -1;
    }
    fcntl(queue, F_SETFD, FD_CLOEXEC);
    struct kevent end;
    EV_SET(&end, (uintptr_t) pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
    if (kevent(queue, &end, 1, NULL, 0, NULL) != 0) {
        close(queue);
        return -1;
    }
    return queue;
}

#else

int parent_open(pid_t pid)
{
    (void) pid;
    return -1;
}

#endif
