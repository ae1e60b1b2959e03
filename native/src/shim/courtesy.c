#include "courtesy.h"

#if defined(__linux__)

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By system calls: musl's functions of these names do nothing. */
static bool change(int from, int to)
{
    static const struct sched_param NO_PRIORITY = {.sched_priority = 0};
    return syscall(SYS_sched_getscheduler, 0) == from && syscall(SYS_sched_setscheduler, 0, to, &NO_PRIORITY) == 0;
}

bool courtesy_begin(void)
{
    return change(SCHED_OTHER, SCHED_BATCH);
}

void courtesy_end(void)
{
    change(SCHED_BATCH, SCHED_OTHER);
}

#else

bool courtesy_begin(void)
{
    return false;
}

void courtesy_end(void)
{
}

#endif
