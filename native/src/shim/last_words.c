#include "last_words.h"

#include "clock.h"
#include "unanswered.h"

#include <poll.h>
#include <unistd.h>

/* For how long it is tried without being heard; once some of it was; and in all. */
#define UNHEARD_MS 50
#define HEARD_MS 500
#define LONGEST_MS 5000

static const struct failure ENDED = {
    .code = DAEMON_GONE,
    .sent = true,
    .reason = "agent-ended",
    .message = "The agent closed its side before the daemon had answered. Whether this request was carried out is not known."};
static const struct failure UNSENT = {
    .code = NO_DAEMON,
    .reason = "no-daemon",
    .message = "The agent closed its side while this request waited for the mpx daemon. Nothing of it was sent."};

static void refuse_what_waits(struct session *session, int64_t now)
{
    up_settle(&session->up, FATE_REFUSED, &UNSENT, true, now);
}

void last_words_say(struct session *session)
{
    struct up *up = &session->up;
    struct down *down = &session->down;
    int64_t now = now_ms();
    daemon_link_hang_up(&session->link);
    down_lose(down);
    unanswered_refuse_all(&session->memory, down, &ENDED, true, now);
    up_lose(up, now);
    refuse_what_waits(session, now);
    int64_t limit = now + LONGEST_MS;
    int patience = UNHEARD_MS;
    while (now < limit) {
        bool reads = !up->ended && !down_is_full(down), prints = down_has_pending(down);
        struct pollfd fds[] = {{.fd = reads ? STDIN_FILENO : -1, .events = POLLIN}, {.fd = prints ? STDOUT_FILENO : -1, .events = POLLOUT}};
        if ((!reads && !prints) || poll(fds, 2, patience) <= 0) {
            return;
        }
        now = now_ms();
        if (fds[0].revents != 0) {
            up_read(up, &UNSENT, now);
            refuse_what_waits(session, now);
        }
        if (fds[1].revents != 0) {
            if (down_write(down, true) == WIRE_ENDED) {
                return;
            }
            patience = HEARD_MS;
        }
    }
}
