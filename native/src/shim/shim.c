#include "shim.h"

#include "errand.h"
#include "relay.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

/*
 * glibc keeps what a long line took for the next one, and takes ever longer blocks from where they can't be given back: a
 * shim that once carried 10 MiB would stay that big.
 */
static void give_memory_back(void)
{
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 64 << 10);
#endif
}

/* With one of the first three closed, the next thing that is opened would take its place. */
static void fill_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        close(fd);
    }
}

/* By which agents end their servers; whoever started the agent may have ignored them or held them back. */
static void heed_signals(void)
{
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int shim_main(const struct invocation *invocation)
{
    struct target target;
    char *error = NULL;
    fill_standard_descriptors();
    give_memory_back();
    heed_signals();
    if (!target_find(&target, invocation, &error)) {
        int status = relay_refuse(error);
        free(error);
        return status;
    }
    int status = relay_run(&target);
    errand_settle();
    target_free(&target);
    return status;
}
