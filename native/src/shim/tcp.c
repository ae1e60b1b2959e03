#include "tcp.h"

#include "resolve.h"
#include "steady.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* A daemon whose machine is gone is noticed after 5 + 3 x 3 s. */
#define KEEPALIVE_IDLE_S 5
#define KEEPALIVE_EACH_S 3
#define KEEPALIVE_COUNT 3
/* A name's address may take a while to be found; who connects then has all of the limit. */
#define NAME_LIMIT_MS 20000
/* This counts a living daemon as gone, too, that has no room for so long: it may, while its server is at a long call. */
#define UNANSWERED_MS 60000

static void set(int fd, int level, int option, int value)
{
    setsockopt(fd, level, option, &value, sizeof value); /* goes without where the system has none */
}

static void set_options(int fd)
{
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
#if defined(TCP_KEEPIDLE)
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
#elif defined(TCP_KEEPALIVE)
    set(fd, IPPROTO_TCP, TCP_KEEPALIVE, KEEPALIVE_IDLE_S);
#endif
#if defined(TCP_KEEPINTVL)
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EACH_S);
#endif
#if defined(TCP_KEEPCNT)
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT);
#endif
    /* Keepalive says nothing as long as something is on its way. */
#if defined(TCP_USER_TIMEOUT)
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED_MS);
#elif defined(TCP_RXT_CONNDROPTIME)
    set(fd, IPPROTO_TCP, TCP_RXT_CONNDROPTIME, UNANSWERED_MS / 1000);
#endif
}

/* Until it is connected; false with errno, ECANCELED if `wanted` came to its end. */
static bool await(int fd, int wanted, int64_t end)
{
    struct pollfd both[2];
    int ready;
    do {
        both[0] = (struct pollfd){.fd = fd, .events = POLLOUT};
        both[1] = (struct pollfd){.fd = wanted, .events = POLLIN};
        ready = poll(both, 2, steady_left(end));
    } while (ready < 0 && errno == EINTR);
    int cause = ready == 0 ? ETIMEDOUT : both[1].revents != 0 ? ECANCELED : 0;
    socklen_t length = sizeof cause;
    if (ready > 0 && cause == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &length) != 0) {
        cause = errno;
    }
    errno = cause;
    return cause == 0;
}

static int try(const struct address *address, int wanted, int64_t end)
{
    int fd = socket(address->bytes.ss_family, SOCK_STREAM, 0);
    if (fd < 0) {
        return -1;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    set_options(fd);
    bool connected = connect(fd, (const struct sockaddr *) &address->bytes, address->length) == 0
        || ((errno == EINPROGRESS || errno == EINTR) && await(fd, wanted, end));
    if (connected) {
        return fd;
    }
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

/* How many addresses there are; 0, with a few words in *why and errno, where none is found. */
static size_t find_addresses(struct address *out, const struct endpoint *endpoint, int wanted, char **why)
{
    struct text words = {0};
    size_t count = 0;
    enum resolved resolved = resolve(out, &count, endpoint->host, endpoint->port, wanted, steady_ms() + NAME_LIMIT_MS);
    if (resolved == RESOLVED) {
        return count;
    }
    if (resolved == RESOLVED_UNKNOWN) {
        text_format(&words, "no address is known for %s", endpoint->host);
    } else if (resolved == RESOLVED_LATE) {
        text_format(&words, "no address was found for %s within %d s", endpoint->host, NAME_LIMIT_MS / 1000);
    } else {
        text_add(&words, strerror(ECANCELED));
    }
    *why = text_take(&words);
    errno = resolved == RESOLVED_UNKNOWN ? ENOENT : resolved == RESOLVED_LATE ? ETIMEDOUT : ECANCELED;
    return 0;
}

int tcp_open(const struct endpoint *endpoint, int wanted, int64_t limit_ms, char **why)
{
    struct address addresses[MOST_ADDRESSES];
    size_t count = find_addresses(addresses, endpoint, wanted, why);
    if (count == 0) {
        return -1;
    }
    int64_t end = steady_ms() + limit_ms; /* not before the name is looked up, or a slow one would never be reached */
    struct text words = {0};
    int cause = 0;
    for (size_t i = 0; i < count; i++) {
        /* What is left, shared among those that are left. */
        int fd = try(&addresses[i], wanted, steady_ms() + steady_left(end) / (int64_t) (count - i));
        if (fd >= 0) {
            return fd;
        }
        cause = i == 0 || errno == ECONNREFUSED ? errno : cause;
    }
    text_add(&words, cause == ETIMEDOUT ? "it takes no connection" : strerror(cause));
    *why = text_take(&words);
    errno = cause;
    return -1;
}
