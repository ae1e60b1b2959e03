#include "lender.h"

#include "unix_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_PAUSE_MS 50
#define LONGEST_PAUSE_MS 5000
#define LONGEST_LINE_HEARD ((size_t) 1 << 20)

void lender_init(struct lender *lender, const struct target *target)
{
    *lender = (struct lender){.place = LENDER_AWAY, .seek_at = INT64_MAX, .fd = -1};
    finder_init(&lender->finder, target);
}

static void hang_up(struct lender *lender)
{
    if (lender->fd >= 0) {
        close(lender->fd);
        lender->fd = -1;
    }
    lender->place = LENDER_AWAY;
    lender->seek_at = INT64_MAX;
    lender->incoming.length = 0;
    lender->outgoing.length = 0;
    lender->sent = 0;
}

void lender_free(struct lender *lender)
{
    hang_up(lender);
    finder_free(&lender->finder);
    text_free(&lender->incoming);
    text_free(&lender->outgoing);
}

void lender_seek(struct lender *lender, bool may_start, int64_t now)
{
    hang_up(lender);
    finder_end(&lender->finder);
    lender->may_start = may_start;
    lender->seek_at = now;
}

void lender_seek_later(struct lender *lender, bool may_start, int64_t now)
{
    lender_seek(lender, may_start, now + lender->pause_ms / 2 + (lender->pause_ms > 1 ? random() % lender->pause_ms : 0));
    lender->pause_ms = lender->pause_ms == 0 ? FIRST_PAUSE_MS
                       : lender->pause_ms * 2 < LONGEST_PAUSE_MS ? lender->pause_ms * 2
                                                                 : LONGEST_PAUSE_MS;
}

static void begin(struct lender *lender)
{
    lender->finder.only_looks = !lender->may_start;
    lender->finder.keeps_older = !lender->may_start;
    lender->place = LENDER_SOUGHT;
    finder_begin(&lender->finder);
}

static enum lender_event seek(struct lender *lender, int64_t now)
{
    switch (finder_step(&lender->finder, now)) {
    case FINDER_LOOKS:
        if (lender->finder.hangs) {
            lender->finder.hangs = false;
            return LENDER_HANGS;
        }
        return LENDER_QUIET;
    case FINDER_FOUND:
        lender->fd = finder_take(&lender->finder, &lender->incoming);
        finder_end(&lender->finder);
        lender->place = LENDER_THERE;
        return LENDER_CAME;
    case FINDER_FAILED:
    case FINDER_REFUSED:
    case FINDER_UNSERVABLE:
        break;
    }
    hang_up(lender);
    return LENDER_NONE;
}

/* Whether there is anybody to send to. */
static bool flush(struct lender *lender)
{
    while (lender->sent < lender->outgoing.length) {
        ssize_t written = send(lender->fd, lender->outgoing.bytes + lender->sent, lender->outgoing.length - lender->sent,
                               MSG_DONTWAIT | UNIX_SOCKET_NO_SIGNAL);
        if (written <= 0) {
            return written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
        }
        lender->sent += (size_t) written;
    }
    lender->outgoing.length = 0;
    lender->sent = 0;
    return true;
}

/* Reads what is there. False at the end, and of what is no conversation. */
static bool fill(struct lender *lender)
{
    char chunk[4096];
    for (;;) {
        ssize_t got = recv(lender->fd, chunk, sizeof chunk, MSG_DONTWAIT);
        if (got <= 0) {
            return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
        }
        text_add_bytes(&lender->incoming, chunk, (size_t) got);
        if (lender->incoming.length > LONGEST_LINE_HEARD) {
            return false;
        }
    }
}

/* To be freed; NULL when there is none yet. */
static char *take_line(struct lender *lender)
{
    struct text *text = &lender->incoming;
    char *newline = text->length > 0 ? memchr(text->bytes, '\n', text->length) : NULL;
    if (newline == NULL) {
        return NULL;
    }
    size_t length = (size_t) (newline - text->bytes);
    char *line = slice_copy((struct slice){.at = text->bytes, .length = length});
    text->length -= length + 1;
    memmove(text->bytes, newline + 1, text->length + 1);
    return line;
}

/* The last line of one who has gone counts as well. */
static enum lender_event converse(struct lender *lender, char **line)
{
    bool is_there = flush(lender) && fill(lender);
    *line = take_line(lender);
    if (*line != NULL) {
        return LENDER_SAID;
    }
    if (is_there) {
        return LENDER_QUIET;
    }
    hang_up(lender);
    return LENDER_LEFT;
}

enum lender_event lender_step(struct lender *lender, int64_t now, char **line)
{
    if (lender->place == LENDER_AWAY && now >= lender->seek_at) {
        begin(lender);
    }
    return lender->place == LENDER_THERE ? converse(lender, line) : lender->place == LENDER_SOUGHT ? seek(lender, now) : LENDER_QUIET;
}

void lender_say(struct lender *lender, const struct text *lines)
{
    text_add_bytes(&lender->outgoing, text_chars(lines), lines->length);
}

bool lender_wants(const struct lender *lender, struct pollfd *out)
{
    if (lender->place == LENDER_SOUGHT) {
        return finder_wants(&lender->finder, out);
    }
    *out = (struct pollfd){.fd = lender->fd, .events = (short) (POLLIN | (lender->outgoing.length > 0 ? POLLOUT : 0))};
    return lender->place == LENDER_THERE;
}

int64_t lender_due(const struct lender *lender)
{
    return lender->place == LENDER_SOUGHT ? finder_due(&lender->finder) : lender->place == LENDER_AWAY ? lender->seek_at : INT64_MAX;
}
