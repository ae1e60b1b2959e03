#include "daemon_link.h"

#include <unistd.h>

void daemon_link_init(struct daemon_link *link)
{
    *link = (struct daemon_link){.wire = {.fd = -1}, .silence = {.fd = -1}};
}

static void forget_overture(struct daemon_link *link)
{
    link->overture.length = 0;
    link->overture_sent = 0;
}

void daemon_link_take(struct daemon_link *link, int fd, bool is_near, int64_t now)
{
    link->wire = wire_of_socket(fd);
    silence_begin(&link->silence, fd, now);
    if (is_near) {
        courtesy_meet(&link->courtesy);
    }
    forget_overture(link);
}

void daemon_link_ask_welcome(struct daemon_link *link, const char *handshake, int64_t limit_ms)
{
    link->welcoming = true;
    link->welcome_limit_ms = limit_ms;
    text_format(&link->overture, "%s\n", handshake);
}

void daemon_link_welcomed(struct daemon_link *link)
{
    link->welcoming = false;
}

bool daemon_link_is_up(const struct daemon_link *link)
{
    return link->wire.fd >= 0;
}

bool daemon_link_has_overture(const struct daemon_link *link)
{
    return link->overture.length > 0;
}

enum wire_result daemon_link_write_overture(struct daemon_link *link)
{
    enum wire_result result = WIRE_DONE;
    while (result == WIRE_DONE && link->overture_sent < link->overture.length) {
        size_t count;
        result = wire_write(&link->wire, true, link->overture.bytes + link->overture_sent,
                            link->overture.length - link->overture_sent, &count);
        link->overture_sent += count;
    }
    if (result == WIRE_DONE && link->overture.length > 0) {
        text_free(&link->overture);
        link->overture_sent = 0;
    }
    return result;
}

void daemon_link_hang_up(struct daemon_link *link)
{
    if (link->wire.fd >= 0) {
        close(link->wire.fd);
    }
    link->wire.fd = -1;
    courtesy_part(&link->courtesy); /* the next daemon may be started from here */
    silence_end(&link->silence);
    link->welcoming = false;
    forget_overture(link);
}
