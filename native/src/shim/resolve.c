#include "resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

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

size_t resolve(struct address out[MOST_ADDRESSES], const char *host, int port)
{
    size_t count = by_number(out, host, port);
    return count > 0 ? count : by_name(out, host, port);
}
