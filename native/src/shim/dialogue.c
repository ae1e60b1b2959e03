#include "dialogue.h"

#include "unix_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONGEST_ANSWER (16u << 20)

void dialogue_init(struct dialogue *dialogue)
{
    *dialogue = (struct dialogue){.fd = -1};
}

void dialogue_hang_up(struct dialogue *dialogue)
{
    if (dialogue->fd >= 0) {
        close(dialogue->fd);
        dialogue->fd = -1;
    }
}

void dialogue_free(struct dialogue *dialogue)
{
    dialogue_hang_up(dialogue);
    text_free(&dialogue->outgoing);
    text_free(&dialogue->incoming);
}

void dialogue_begin(struct dialogue *dialogue)
{
    dialogue->sent = 0;
    dialogue->incoming.length = 0;
}

static bool flush(struct dialogue *dialogue)
{
    while (dialogue->sent < dialogue->outgoing.length) {
        ssize_t written = send(dialogue->fd, dialogue->outgoing.bytes + dialogue->sent, dialogue->outgoing.length - dialogue->sent,
                               MSG_DONTWAIT | UNIX_SOCKET_NO_SIGNAL);
        if (written <= 0) {
            return written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
        }
        dialogue->sent += (size_t) written;
    }
    return true;
}

char *dialogue_take_line(struct dialogue *dialogue)
{
    char *newline = dialogue->incoming.length > 0 ? memchr(dialogue->incoming.bytes, '\n', dialogue->incoming.length) : NULL;
    if (newline == NULL) {
        return NULL;
    }
    size_t length = (size_t) (newline - dialogue->incoming.bytes);
    char *line = slice_copy((struct slice){.at = dialogue->incoming.bytes, .length = length});
    dialogue->incoming.length -= length + 1;
    memmove(dialogue->incoming.bytes, newline + 1, dialogue->incoming.length + 1);
    return line;
}

/* Reads what is there. False at the end. */
static bool fill(struct dialogue *dialogue)
{
    char chunk[4096];
    while (true) {
        ssize_t got = recv(dialogue->fd, chunk, sizeof chunk, MSG_DONTWAIT);
        if (got <= 0) {
            return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
        }
        text_add_bytes(&dialogue->incoming, chunk, (size_t) got);
        if (memchr(chunk, '\n', (size_t) got) != NULL) {
            return true;
        }
        if (dialogue->incoming.length > LONGEST_ANSWER) {
            return false;
        }
    }
}

bool dialogue_go_on(struct dialogue *dialogue)
{
    return flush(dialogue) && fill(dialogue);
}

struct pollfd dialogue_wants(const struct dialogue *dialogue)
{
    return (struct pollfd){.fd = dialogue->fd,
                           .events = (short) (POLLIN | (dialogue->sent < dialogue->outgoing.length ? POLLOUT : 0))};
}
