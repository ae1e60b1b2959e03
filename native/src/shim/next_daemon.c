#include "next_daemon.h"

#include "json.h"
#include "transition.h"
#include "unanswered.h"

#include <stdlib.h>

#define WELCOME_LIMIT_MS 150000 /* next_daemon_late tells people */

/* ---- it is there, and welcome or not */

static void take(struct session *session, int64_t now)
{
    struct text rest = {0};
    daemon_link_take(&session->link, finder_take(&session->finder, &rest), !session->finder.is_far, now);
    const char *handshake = memory_handshake(&session->memory);
    if (handshake == NULL) {
        transition_to_live(session, now);
    } else {
        daemon_link_ask_welcome(&session->link, handshake, now + WELCOME_LIMIT_MS);
        down_await_welcome(&session->down);
    }
    down_take(&session->down, text_chars(&rest), rest.length);
    text_free(&rest);
}

/* A daemon that was found does not take the session on: a try that has failed. */
static void not_welcome(struct session *session, const char *why, int64_t now)
{
    daemon_link_hang_up(&session->link);
    down_lose(&session->down);
    unanswered_take_back(&session->memory, &session->down);
    text_free(&session->finder.trouble);
    text_format(&session->finder.trouble, "The next daemon does not take the session: %s", why);
    patience_failed(&session->patience, now);
}

void next_daemon_denied(struct session *session, int64_t now)
{
    struct slice message, value;
    struct slice line = {.at = text_chars(&session->down.denial), .length = session->down.denial.length};
    char *words = json_read(line, &message) && json_at(message, &value, "error", "message", NULL) ? json_text(value) : NULL;
    not_welcome(session, words == NULL ? text_chars(&session->down.denial) : words, now);
    free(words);
}

void next_daemon_ended(struct session *session, int64_t now)
{
    not_welcome(session, "It went away at once.", now);
}

void next_daemon_late(struct session *session, int64_t now)
{
    not_welcome(session, "It has not answered the session's initialize for 150 s.", now);
}

/* ---- it is looked for */

static void failed(struct session *session, int64_t now)
{
    patience_failed(&session->patience, now);
    if (session->state == FIRST) {
        absence_explain_failure(&session->absence, &session->finder);
        transition_to_silent(session, now);
    } else if (session->state == SILENT) {
        absence_explain_again(&session->absence, &session->finder, &session->patience, now);
    }
}

static void refused(struct session *session, int64_t now)
{
    patience_failed(&session->patience, now);
    if (session->state == FIRST) {
        absence_explain_refusal(&session->absence, &session->finder);
        transition_to_refused(session, now);
    }
}

void next_daemon_look(struct session *session, int64_t now)
{
    if (!session_wants_daemon(session)) {
        return;
    }
    if (session->finder.place == FINDER_IDLE) {
        if (now < session->patience.next_try_ms) {
            return;
        }
        finder_begin(&session->finder);
    }
    switch (finder_step(&session->finder, now)) {
    case FINDER_LOOKS:
        break;
    case FINDER_FOUND:
        take(session, now);
        break;
    case FINDER_FAILED:
        failed(session, now);
        break;
    case FINDER_REFUSED:
    case FINDER_UNSERVABLE:
        refused(session, now);
        break;
    }
}
