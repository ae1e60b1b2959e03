#include "deadlines.h"

#include "next_daemon.h"
#include "transition.h"

#include <unistd.h>

/* Where the system has no descriptor that tells of the parent's end. */
#define PARENT_POLL_MS 100
#define LONGEST_REST_MS 60000

/* Whether somebody waits for a daemon, and not for ever. */
static bool is_patient(const struct session *session)
{
    return session->state == FIRST || session->state == AWAY;
}

/* Whether an agent would wait in vain for one that is gone. */
static bool awaits_daemon(const struct session *session)
{
    return session->state == LIVE && session->link.silence.fd >= 0
           && (session->memory.asked.first != NULL || up_has_pending(&session->up));
}

void deadlines_keep(struct session *session, int64_t now)
{
    if (session_has_agent_ended(session) && now >= session->end_ms) {
        transition_to_end(session, session_refuses(session));
    }
    if (session->link.welcoming && now >= session->link.welcome_limit_ms) {
        next_daemon_late(session, now);
    }
    if (is_patient(session) && now >= patience_ends(&session->patience)) {
        absence_explain_silence(&session->absence, &session->finder, &session->patience, now);
        transition_to_silent(session, now);
    }
    if (session->state == LIVE && silence_lasts(&session->link.silence, now)) {
        transition_to_away(session, now);
    }
    if (session->parent_fd < 0 && getppid() != session->parent) {
        transition_to_end(session, 0);
    }
    courtesy_look(&session->link.courtesy, now);
    buffer_slim(&session->up.bytes, now);
    buffer_slim(&session->down.bytes, now);
}

static int64_t earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

int deadlines_rest_ms(const struct session *session, int64_t now)
{
    int64_t due = INT64_MAX;
    if (session_has_agent_ended(session)) {
        due = earlier(due, session->end_ms);
    }
    if (session->link.welcoming) {
        due = earlier(due, session->link.welcome_limit_ms);
    }
    if (is_patient(session)) {
        due = earlier(due, patience_ends(&session->patience));
    }
    if (session->state == FIRST && now < patience_gets_slow(&session->patience)) {
        due = earlier(due, patience_gets_slow(&session->patience));
    }
    if (session_wants_daemon(session)) {
        due = earlier(due, session->finder.place == FINDER_IDLE ? session->patience.next_try_ms : finder_due(&session->finder));
    }
    if (awaits_daemon(session)) {
        due = earlier(due, session->link.silence.due_ms);
    }
    if (session->parent_fd < 0) {
        due = earlier(due, now + PARENT_POLL_MS);
    }
    due = earlier(due, courtesy_due(&session->link.courtesy));
    due = earlier(due, buffer_slims_at(&session->up.bytes));
    due = earlier(due, buffer_slims_at(&session->down.bytes));
    return due == INT64_MAX ? -1 : due <= now ? 0 : due - now > LONGEST_REST_MS ? LONGEST_REST_MS : (int) (due - now);
}
