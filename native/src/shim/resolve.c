#include "resolve.h"

#include "offspring.h"
#include "steady.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(MPX_STATIC) && defined(__GLIBC__)
#include "name_server.h"
#endif

static struct address address_of(int family, const void *bytes, int port)
{
    struct address address = {0};
    if (family == AF_INET) {
        struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((in_port_t) port)};
        memcpy(&four.sin_addr, bytes, sizeof four.sin_addr);
        memcpy(&address.bytes, &four, sizeof four);
        address.length = sizeof four;
    } else {
        struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((in_port_t) port)};
        memcpy(&six.sin6_addr, bytes, sizeof six.sin6_addr);
        memcpy(&address.bytes, &six, sizeof six);
        address.length = sizeof six;
    }
    return address;
}

static size_t by_number(struct address *out, const char *host, int port)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    int family = strchr(host, ':') == NULL ? AF_INET : AF_INET6;
    if (inet_pton(family, host, bytes) != 1) {
        return 0;
    }
    *out = address_of(family, bytes, port);
    return 1;
}

#if defined(MPX_STATIC) && defined(__GLIBC__)

/*
 * The C library's own look-up would load parts of itself that a static program does not bring along. So what is known by most is
 * asked, and where names are kept elsewhere the system's own program.
 */
static size_t by_name(struct address *out, const char *host, int port)
{
    struct found_address found[MOST_ADDRESSES];
    size_t count = name_server_find(found, MOST_ADDRESSES, host);
    if (count == 0) {
        count = name_server_ask_system(found, MOST_ADDRESSES, host);
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = address_of(found[i].family, found[i].bytes, port);
    }
    return count;
}

#else

static size_t by_name(struct address *out, const char *host, int port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *all = NULL;
    size_t count = 0;
    if (getaddrinfo(host, NULL, &hints, &all) != 0) {
        return 0;
    }
    for (const struct addrinfo *one = all; one != NULL && count < MOST_ADDRESSES; one = one->ai_next) {
        if (one->ai_family == AF_INET) {
            out[count++] = address_of(AF_INET, &((const struct sockaddr_in *) (const void *) one->ai_addr)->sin_addr, port);
        } else if (one->ai_family == AF_INET6) {
            memcpy(&out[count].bytes, one->ai_addr, one->ai_addrlen); /* with its scope */
            ((struct sockaddr_in6 *) &out[count].bytes)->sin6_port = htons((in_port_t) port);
            out[count++].length = one->ai_addrlen;
        }
    }
    freeaddrinfo(all);
    return count;
}

#endif

/* What the process that looks names up has to say. */
struct answer {
    size_t count;
    struct address addresses[MOST_ADDRESSES];
};

/* In a group of its own, so that what it runs can be ended with it. */
static void look_up(int tell, const char *host, int port)
{
    static struct answer answer;
    setpgid(0, 0);
    offspring_forget_signals();
    answer.count = by_name(answer.addresses, host, port);
    const char *at = (const char *) &answer;
    for (size_t left = sizeof answer; left > 0;) {
        ssize_t written = write(tell, at, left);
        if (written < 0 && errno != EINTR) {
            break;
        }
        at += written > 0 ? written : 0;
        left -= written > 0 ? (size_t) written : 0;
    }
    _exit(0);
}

static enum resolved hear(int fd, struct answer *answer, int wanted, int64_t end_ms)
{
    char *at = (char *) answer;
    for (size_t left = sizeof *answer; left > 0;) {
        struct pollfd both[2] = {{.fd = fd, .events = POLLIN}, {.fd = wanted, .events = POLLIN}};
        int ready = poll(both, 2, steady_left(end_ms));
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0 || both[1].revents != 0) {
            return ready <= 0 ? RESOLVED_LATE : RESOLVED_UNWANTED;
        }
        ssize_t got = read(fd, at, left);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return RESOLVED_UNKNOWN;
        }
        at += got > 0 ? got : 0;
        left -= got > 0 ? (size_t) got : 0;
    }
    return answer->count > 0 ? RESOLVED : RESOLVED_UNKNOWN;
}

static void put_an_end_to(pid_t process)
{
    setpgid(process, process); /* whoever is first */
    if (kill(-process, SIGKILL) != 0) {
        kill(process, SIGKILL);
    }
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
    }
}

static enum resolved by_process(struct answer *answer, const char *host, int port, int wanted, int64_t end_ms)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return RESOLVED_UNKNOWN;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        look_up(ends[1], host, port);
    }
    close(ends[1]);
    enum resolved result = process < 0 ? RESOLVED_UNKNOWN : hear(ends[0], answer, wanted, end_ms);
    close(ends[0]);
    if (process > 0) {
        put_an_end_to(process);
    }
    return result;
}

enum resolved resolve(struct address out[MOST_ADDRESSES], size_t *count, const char *host, int port, int wanted, int64_t end_ms)
{
    struct answer answer = {.count = by_number(out, host, port)};
    *count = answer.count;
    if (answer.count > 0) {
        return RESOLVED;
    }
    enum resolved result = by_process(&answer, host, port, wanted, end_ms);
    if (result == RESOLVED) {
        *count = answer.count;
        memcpy(out, answer.addresses, sizeof answer.addresses);
    }
    return result;
}
