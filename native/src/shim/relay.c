#include "relay.h"

#include "clock.h"
#include "deadlines.h"
#include "exchange.h"
#include "last_words.h"
#include "next_daemon.h"
#include "session.h"
#include "transition.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AGENT_IN, AGENT_OUT, DAEMON, FINDER, PARENT, POLLED };

/* The other side is closed: told by poll though nothing is read. Pipes need not be asked. */
#if defined(POLLRDHUP)
#define CLOSED POLLRDHUP
#else
#define CLOSED 0
#endif

static void want(struct session *session, struct pollfd *fds)
{
    for (int i = 0; i < POLLED; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    if (exchange_listens(session)) {
        fds[AGENT_IN] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    } else if (!session_has_agent_ended(session)) {
        fds[AGENT_IN] = (struct pollfd){.fd = STDIN_FILENO, .events = CLOSED};
    }
    if (down_has_pending(&session->down)) {
        fds[AGENT_OUT] = (struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT};
    }
    if (daemon_link_is_up(&session->link)) {
        short events = (short) ((down_has_room(&session->down) ? POLLIN : 0) | (exchange_has_words(session) ? POLLOUT : 0));
        fds[DAEMON] = (struct pollfd){.fd = events != 0 ? session->link.wire.fd : -1, .events = events};
    }
    if (session_wants_daemon(session)) { /* else nobody hears what it hears, and it would be told again at once */
        finder_wants(&session->finder, &fds[FINDER]);
    }
    fds[PARENT] = (struct pollfd){.fd = session->parent_fd, .events = POLLIN};
}

static void turn(struct session *session, const struct pollfd *fds, int64_t now)
{
    if (fds[PARENT].revents != 0) {
        transition_to_end(session, 0);
        return;
    }
    if (fds[AGENT_IN].revents != 0 && exchange_listens(session)) {
        exchange_hear_agent(session, now);
    } else if (fds[AGENT_IN].revents != 0) {
        exchange_note_close(session, now);
    }
    if ((fds[DAEMON].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && down_has_room(&session->down)) {
        exchange_hear_daemon(session, now);
    }
    next_daemon_look(session, now);
    exchange_settle(session, now);
    if (daemon_link_is_up(&session->link)) {
        exchange_tell_daemon(session, now);
    }
    deadlines_keep(session, now);
    /* Last: nothing may wake this process for a while to deal with what has come to wait, or to an end. */
    exchange_settle(session, now);
    exchange_tell_agent(session, fds[AGENT_OUT].revents != 0);
}

static int run(struct session *session)
{
    struct pollfd fds[POLLED];
    while (!session->finished) {
        int64_t now = now_ms();
        want(session, fds);
        int rest = deadlines_rest_ms(session, now);
        clock_expects_sleep(rest);
        if (poll(fds, POLLED, rest) < 0) {
            memset(fds, 0, sizeof fds); /* a signal: look again */
        }
        turn(session, fds, now_ms());
    }
    if (session_has_agent_ended(session)) {
        last_words_say(session);
    }
    return session->status;
}

/* Not on the stack: what it holds at the end is left to the system, and a leak checker is to tell that from what is lost. */
static struct session session_of_agent;

static struct session *begin(const struct target *target)
{
    int64_t now = now_ms();
    signal(SIGPIPE, SIG_IGN);
    srandom((unsigned) getpid() ^ (unsigned) now);
    session_init(&session_of_agent, target, now);
    return &session_of_agent;
}

int relay_run(const struct target *target)
{
    struct session *session = begin(target);
    next_daemon_look(session, now_ms());
    return run(session);
}

int relay_refuse(const char *message)
{
    struct session *session = begin(NULL);
    text_add(&session->finder.trouble, message);
    text_add(&session->finder.reason, "no-daemon");
    absence_explain_refusal(&session->absence, &session->finder);
    transition_to_refused(session, now_ms());
    return run(session);
}
