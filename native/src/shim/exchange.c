#include "exchange.h"

#include "next_daemon.h"
#include "transition.h"

#include <sys/socket.h>

/* How long answers are still printed once the agent has closed its side. */
#define LAST_ANSWERS_MS 200

/* ---- the agent */

bool exchange_listens(const struct session *session)
{
    return !session->up.ended && up_has_room(&session->up, session_fate(session))
           && (session->state == LIVE || !down_is_full(&session->down));
}

/* Once: answers are printed for a moment still. */
static void note_end(struct session *session, int64_t now)
{
    if (!session_has_agent_ended(session)) {
        session->end_ms = now + LAST_ANSWERS_MS;
    }
}

void exchange_hear_agent(struct session *session, int64_t now)
{
    struct failure failure = absence_failure(&session->absence);
    note_end(session, now); /* it counts if this is the end */
    patience_asked(&session->patience, now);
    up_read(&session->up, session_refuses(session) ? &failure : NULL, now);
}

void exchange_note_close(struct session *session, int64_t now)
{
    note_end(session, now);
    session->input_closed = true;
}

void exchange_settle(struct session *session, int64_t now)
{
    struct failure failure = absence_failure(&session->absence);
    bool pings = session->state != FIRST || now >= patience_gets_slow(&session->patience);
    up_settle(&session->up, session_fate(session), &failure, pings, now);
}

void exchange_tell_agent(struct session *session, bool ready)
{
    if (down_has_pending(&session->down) && down_write(&session->down, ready) == WIRE_ENDED) {
        transition_to_end(session, 0);
    }
}

/* ---- the daemon */

void exchange_hear_daemon(struct session *session, int64_t now)
{
    unsigned before = session->down.lines;
    enum wire_result result = down_read(&session->down, &session->link.wire);
    courtesy_hear(&session->link.courtesy, session->down.lines - before);
    if (session->down.welcome == WELCOME_GIVEN) {
        transition_to_live(session, now);
    } else if (session->down.welcome == WELCOME_DENIED) {
        next_daemon_denied(session, now);
        return;
    }
    if (result == WIRE_ENDED && session->link.welcoming) {
        next_daemon_ended(session, now);
    } else if (result == WIRE_ENDED) {
        transition_to_away(session, now);
    }
}

bool exchange_has_words(const struct session *session)
{
    return daemon_link_has_overture(&session->link) || (session->state == LIVE && up_has_pending(&session->up));
}

/* The agent's lines. Its end is the daemon's to know once all of them are out. */
static enum wire_result write_lines(struct session *session, int64_t now)
{
    enum wire_result result = up_write(&session->up, &session->link.wire, now);
    if (result != WIRE_ENDED && session->up.ended && !up_has_pending(&session->up) && !session->half_closed) {
        shutdown(session->link.wire.fd, SHUT_WR);
        session->half_closed = true;
    }
    return result;
}

void exchange_tell_daemon(struct session *session, int64_t now)
{
    enum wire_result result = daemon_link_write_overture(&session->link);
    if (result == WIRE_DONE && session->state == LIVE) {
        result = write_lines(session, now);
    }
    if (result == WIRE_ENDED && session->link.welcoming) {
        next_daemon_ended(session, now);
    } else if (result == WIRE_ENDED) {
        /* What it has said before it went is still to be heard. */
        while (down_read(&session->down, &session->link.wire) == WIRE_DONE) {
        }
        transition_to_away(session, now);
    }
}
