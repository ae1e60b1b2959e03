#include "lender.h"

#include "errand.h"

#include <stdlib.h>

#define FIRST_PAUSE_MS 50
#define LONGEST_PAUSE_MS 5000

void lender_init(struct lender *lender, const struct target *target)
{
    *lender = (struct lender){.place = LENDER_AWAY, .seek_at = INT64_MAX};
    dialogue_init(&lender->talk);
    finder_init(&lender->finder, target);
}

static void hang_up(struct lender *lender)
{
    dialogue_hang_up(&lender->talk);
    dialogue_begin(&lender->talk);
    lender->talk.outgoing.length = 0;
    lender->place = LENDER_AWAY;
    lender->seek_at = INT64_MAX;
}

void lender_free(struct lender *lender)
{
    finder_free(&lender->finder);
    dialogue_free(&lender->talk);
    errand_settle(); /* where the daemon was looked for elsewhere */
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
        lender->talk.fd = finder_take(&lender->finder, &lender->talk.incoming);
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

/* The last line of one who has gone counts as well. */
static enum lender_event converse(struct lender *lender, char **line)
{
    bool is_there = dialogue_go_on(&lender->talk);
    *line = dialogue_take_line(&lender->talk);
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
    if (lender->talk.sent == lender->talk.outgoing.length) {
        lender->talk.sent = lender->talk.outgoing.length = 0;
    }
    text_add_bytes(&lender->talk.outgoing, text_chars(lines), lines->length);
}

bool lender_wants(const struct lender *lender, struct pollfd *out)
{
    if (lender->place == LENDER_SOUGHT) {
        return finder_wants(&lender->finder, out);
    }
    *out = dialogue_wants(&lender->talk);
    return lender->place == LENDER_THERE;
}

int64_t lender_due(const struct lender *lender)
{
    return lender->place == LENDER_SOUGHT ? finder_due(&lender->finder) : lender->place == LENDER_AWAY ? lender->seek_at : INT64_MAX;
}
