#include "session.h"

#include "parent.h"

#include <unistd.h>

void session_init(struct session *session, const struct target *target, int64_t now)
{
    *session = (struct session){.state = FIRST};
    session->parent = getppid();
    session->parent_fd = parent_open(session->parent);
    daemon_link_init(&session->link);
    down_init(&session->down, &session->memory);
    up_init(&session->up, &session->memory, &session->down);
    finder_init(&session->finder, target);
    patience_init(&session->patience, now);
}

enum fate session_fate(const struct session *session)
{
    switch (session->state) {
    case FIRST:
        return FATE_WAITS;
    case LIVE:
        return FATE_SENT;
    case AWAY:
        return FATE_KEPT;
    default:
        return FATE_REFUSED;
    }
}

bool session_refuses(const struct session *session)
{
    return session->state == SILENT || session->state == REFUSED;
}

bool session_has_agent_ended(const struct session *session)
{
    return session->up.ended || session->input_closed;
}

bool session_wants_daemon(const struct session *session)
{
    return session->state != LIVE && session->state != REFUSED && !session->link.welcoming
           && (!session_has_agent_ended(session) || up_has_pending(&session->up));
}
