#include "transition.h"

#include "unanswered.h"

void transition_to_live(struct session *session, int64_t now)
{
    session->state = LIVE;
    daemon_link_welcomed(&session->link);
    memory_restore(&session->memory, &session->link.overture);
    patience_connected(&session->patience, now);
    down_welcomed(&session->down);
}

void transition_to_away(struct session *session, int64_t now)
{
    daemon_link_hang_up(&session->link);
    down_lose(&session->down);
    unanswered_refuse_all(&session->memory, &session->down, &ANSWERS_DAEMON_GONE, false, now);
    up_lose(&session->up, now);
    unanswered_take_back(&session->memory, &session->down);
    session->state = AWAY;
    patience_lost(&session->patience, now);
    if (session_has_agent_ended(session)) {
        transition_to_end(session, 0);
    }
}

static void stop_waiting(struct session *session, enum state state, int64_t now)
{
    absence_note_trouble(&session->absence, &session->finder);
    session->state = state;
    patience_calms(&session->patience);
    absence_complain(&session->absence);
    struct request *handshake = memory_give_up_handshake(&session->memory);
    if (handshake != NULL) {
        struct failure failure = absence_failure(&session->absence);
        unanswered_refuse(&session->memory, &session->down, handshake, &failure, now);
    }
}

void transition_to_silent(struct session *session, int64_t now)
{
    stop_waiting(session, SILENT, now);
}

void transition_to_refused(struct session *session, int64_t now)
{
    stop_waiting(session, REFUSED, now);
}

void transition_to_end(struct session *session, int status)
{
    session->finished = true;
    session->status = status;
}
