#include "streams.h"

#include "say.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_to(const char *name)
{
#if defined(__linux__)
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof address.sun_path) {
        errno = EINVAL;
        return -1;
    }
    memcpy(address.sun_path + 1, name, length); /* behind a NUL: no file */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 + length);
    if (fd >= 0 && connect(fd, (const struct sockaddr *) &address, size) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
#else
    (void) name;
    errno = ENOTSUP;
    return -1;
#endif
}

/*
 * A bash that nobody's shell has started takes a socket for a remote login, and reads ~/.bashrc, whose output would go to the client
 * and whose settings to the server. It does not if there is a shell above it.
 */
static void keep_shells_from_their_files(void)
{
    setenv("SHLVL", "1", 0);
}

bool streams_connect(const char *name)
{
    int in = connect_to(name);
    int out = in < 0 ? -1 : connect_to(name);
    bool done = out >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0;
    if (!done) {
        say("cannot connect standard input and output: %s", strerror(errno));
    }
    if (done) {
        keep_shells_from_their_files();
    }
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return done;
}
