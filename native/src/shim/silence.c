#include "silence.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define LOOK_MS 1000
/* With the look before and the one after it, as long as keepalive takes. */
#define LIMIT_MS 12000

static bool is_tcp(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return getsockname(fd, (struct sockaddr *) &address, &length) == 0
           && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

/* How often something was sent again, or the other side asked for room, since it last acknowledged anything. */
static unsigned vain_tries(int fd)
{
#if defined(__linux__)
    struct tcp_info info;
    socklen_t length = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 ? info.tcpi_retransmits + info.tcpi_probes : 0;
#else
    (void) fd;
    return 0; /* TCP_RXT_CONNDROPTIME has to do */
#endif
}

void silence_begin(struct silence *silence, int fd, int64_t now)
{
    *silence = (struct silence){.fd = is_tcp(fd) ? fd : -1, .due_ms = now + LOOK_MS};
}

void silence_end(struct silence *silence)
{
    silence->fd = -1;
}

bool silence_lasts(struct silence *silence, int64_t now)
{
    if (silence->fd < 0 || now < silence->due_ms) {
        return false;
    }
    unsigned vain = vain_tries(silence->fd);
    if (vain == 0 || vain < silence->vain || silence->vain == 0) {
        silence->since_ms = now;
    }
    silence->vain = vain;
    silence->due_ms = now + LOOK_MS;
    return vain > 0 && now - silence->since_ms >= LIMIT_MS;
}
