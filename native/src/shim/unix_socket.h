/* A connection to a UNIX socket. */
#ifndef MPX_UNIX_SOCKET_H
#define MPX_UNIX_SOCKET_H

#include <sys/socket.h>

#ifdef MSG_NOSIGNAL
#define UNIX_SOCKET_NO_SIGNAL MSG_NOSIGNAL
#else
#define UNIX_SOCKET_NO_SIGNAL 0 /* SIGPIPE is ignored where this is used */
#endif

/*
 * Without waiting, and closed on exec. -1 with errno when that can't be; EAGAIN when the one who listens has not yet taken
 * those who came before (Linux).
 */
int unix_socket_connect(const char *path);

#endif
