#include "relay.h"

#include "answers.h"
#include "clock.h"
#include "complain.h"
#include "courtesy.h"
#include "down.h"
#include "finder.h"
#include "json.h"
#include "bounds.h"
#include "memory.h"
#include "parent.h"
#include "patience.h"
#include "silence.h"
#include "up.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * How long answers are still printed once the agent has closed its side; and then, what is left to say: for how long without
 * it being heard, and in all.
 */
#define LAST_ANSWERS_MS 200
#define LAST_WORDS_MS 50
#define HEARD_WORDS_MS 500 /* once some of them were */
#define LONGEST_LAST_WORDS_MS 5000
/* Where the system has no descriptor that tells of the parent's end. */
#define PARENT_POLL_MS 100
#define WELCOME_LIMIT_MS 150000
/* After so long without anything to do, the memory that long lines took is given back. Getting it anew costs as much as a copy. */
#define QUIET_MS 250

enum state { FIRST, LIVE, AWAY, SILENT, REFUSED };

struct relay {
    const struct target *target; /* NULL: there is nothing to relay to */
    enum state state;
    struct memory memory;
    struct up up;
    struct down down;
    struct finder finder;
    struct patience patience;
    struct wire daemon; /* fd -1: none */
    struct silence silence;
    bool welcoming;     /* it has still to answer the handshake */
    bool courteous;     /* to it */
    int64_t welcome_limit_ms;
    struct text overture; /* what the daemon is to hear before anything of the agent's */
    size_t overture_sent;
    bool half_closed;
    struct text why; /* there is no daemon */
    struct text reason;
    struct text log;
    pid_t parent;
    int parent_fd;
    bool input_closed; /* the agent has ended its side, but not all of it can be read now */
    int64_t end_ms;    /* once the agent's input has ended */
    bool finished;
    int status;
};

static struct failure failure_of(const struct relay *relay)
{
    return (struct failure){.code = NO_DAEMON,
                            .reason = relay->reason.length > 0 ? relay->reason.bytes : "no-daemon",
                            .message = text_chars(&relay->why),
                            .log = relay->log.length > 0 ? relay->log.bytes : NULL};
}

static enum fate fate_of(const struct relay *relay)
{
    switch (relay->state) {
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

static bool has_agent_ended(const struct relay *relay)
{
    return relay->up.ended || relay->input_closed;
}

/* Whether a daemon is of any use. An agent that says all it has to say at once and closes its side is to be served as well. */
static bool wants_daemon(const struct relay *relay)
{
    return relay->state != LIVE && relay->state != REFUSED && !relay->welcoming
           && (!has_agent_ended(relay) || up_has_pending(&relay->up));
}

static void finish(struct relay *relay, int status)
{
    relay->finished = true;
    relay->status = status;
}

/* ---- there is no daemon */

static void say_refused(struct relay *relay, struct request *request, const struct failure *failure, int64_t now)
{
    struct text answer = {0};
    struct slice id = {.at = request->id, .length = request->length};
    answers_refuse(&answer, id, failure, now - request->read_ms, request->wait_ms);
    down_say(&relay->down, &answer);
    text_free(&answer);
    requests_remove(&relay->memory.asked, request);
}

/* Answers all that a daemon owes; an `initialize` only if it won't be asked of the next one. */
static void refuse_open(struct relay *relay, const struct failure *failure, bool with_handshake, int64_t now)
{
    struct request *next;
    for (struct request *each = relay->memory.asked.first; each != NULL; each = next) {
        next = each->next;
        if (with_handshake || each->purpose != ASKS_INITIALIZE) {
            say_refused(relay, each, failure, now);
        }
    }
}

static void take_back_served(struct relay *relay)
{
    struct requests *served = &relay->memory.served;
    struct text lines = {0};
    while (served->first != NULL) {
        answers_take_back(&lines, (struct slice){.at = served->first->id, .length = served->first->length});
        requests_remove(served, served->first);
    }
    down_say(&relay->down, &lines);
    text_free(&lines);
}

static void hang_up(struct relay *relay)
{
    if (relay->daemon.fd >= 0) {
        close(relay->daemon.fd);
    }
    relay->daemon.fd = -1;
    if (relay->courteous) { /* the next daemon may be started from here */
        courtesy_end();
        relay->courteous = false;
    }
    silence_end(&relay->silence);
    relay->welcoming = false;
    relay->overture.length = 0;
    relay->overture_sent = 0;
}

static void lose(struct relay *relay, int64_t now)
{
    hang_up(relay);
    down_lose(&relay->down);
    refuse_open(relay, &ANSWERS_DAEMON_GONE, false, now);
    up_lose(&relay->up, now);
    take_back_served(relay);
    relay->state = AWAY;
    patience_lost(&relay->patience, now);
    if (has_agent_ended(relay)) {
        finish(relay, 0);
    }
}

/* A daemon that was found does not take the session on. */
static void not_welcome(struct relay *relay, const char *why, int64_t now)
{
    hang_up(relay);
    down_lose(&relay->down);
    take_back_served(relay);
    text_free(&relay->finder.trouble);
    text_format(&relay->finder.trouble, "The next daemon does not take the session: %s", why);
    patience_failed(&relay->patience, now);
}

static void complain_why(const struct relay *relay)
{
    complain(text_chars(&relay->why));
    complain_log(&relay->log);
}

static void note_trouble(struct relay *relay)
{
    relay->reason.length = 0;
    text_add(&relay->reason, text_chars(&relay->finder.reason));
    relay->log.length = 0;
    text_add(&relay->log, text_chars(&relay->finder.log));
}

/* Before the reason: that may end in a command, which no sentence must follow. */
static const char NOTHING_SENT[] = "Nothing of this request was sent; mpx keeps trying.";

static void explain_failure(struct relay *relay)
{
    relay->why.length = 0;
    text_format(&relay->why, "%s %s", NOTHING_SENT, text_chars(&relay->finder.trouble));
}

static void explain_silence(struct relay *relay, int64_t now)
{
    relay->why.length = 0;
    text_format(&relay->why, "No mpx daemon has answered for %lld s. %s%s%s",
                (long long) ((now - relay->patience.since_ms) / 1000), NOTHING_SENT,
                relay->finder.trouble.length > 0 ? " " : "", text_chars(&relay->finder.trouble));
}

/* Who asks in vain hears of the last try, not of the first. */
static void explain_again(struct relay *relay, int64_t now)
{
    if (relay->patience.connected_ms == 0) {
        explain_failure(relay);
    } else {
        explain_silence(relay, now);
    }
    note_trouble(relay);
}

static void explain_refusal(struct relay *relay)
{
    relay->why.length = 0;
    text_add(&relay->why, text_chars(&relay->finder.trouble));
}

/* Nobody is kept waiting any more. Why, has been explained. */
static void stop_waiting(struct relay *relay, enum state state, int64_t now)
{
    note_trouble(relay);
    relay->state = state;
    patience_calms(&relay->patience);
    complain_why(relay);
    struct request *handshake = memory_give_up_handshake(&relay->memory);
    if (handshake != NULL) {
        struct failure failure = failure_of(relay);
        say_refused(relay, handshake, &failure, now);
    }
}

/* ---- there is one */

static void go_live(struct relay *relay, int64_t now)
{
    relay->welcoming = false;
    relay->state = LIVE;
    relay->courteous = courtesy_begin();
    memory_restore(&relay->memory, &relay->overture);
    patience_connected(&relay->patience, now);
    down_welcomed(&relay->down);
}

static void take_daemon(struct relay *relay, int64_t now)
{
    struct text rest = {0};
    relay->daemon = wire_of_socket(finder_take(&relay->finder, &rest));
    silence_begin(&relay->silence, relay->daemon.fd, now);
    relay->overture.length = 0;
    relay->overture_sent = 0;
    const char *handshake = memory_handshake(&relay->memory);
    if (handshake == NULL) {
        go_live(relay, now);
    } else {
        relay->welcoming = true;
        relay->welcome_limit_ms = now + WELCOME_LIMIT_MS;
        text_format(&relay->overture, "%s\n", handshake);
        down_await_welcome(&relay->down);
    }
    down_take(&relay->down, text_chars(&rest), rest.length);
    text_free(&rest);
}

static void deny_welcome(struct relay *relay, int64_t now)
{
    struct slice message, value;
    struct slice line = {.at = text_chars(&relay->down.denial), .length = relay->down.denial.length};
    char *words = json_read(line, &message) && json_at(message, &value, "error", "message", NULL) ? json_text(value) : NULL;
    not_welcome(relay, words == NULL ? text_chars(&relay->down.denial) : words, now);
    free(words);
}

static void look_for_daemon(struct relay *relay, int64_t now)
{
    if (!wants_daemon(relay)) {
        return;
    }
    if (relay->finder.place == FINDER_IDLE) {
        if (now < relay->patience.next_try_ms) {
            return;
        }
        finder_begin(&relay->finder);
    }
    switch (finder_step(&relay->finder, now)) {
    case FINDER_LOOKS:
        break;
    case FINDER_FOUND:
        take_daemon(relay, now);
        break;
    case FINDER_FAILED:
        patience_failed(&relay->patience, now);
        if (relay->state == FIRST) {
            explain_failure(relay);
            stop_waiting(relay, SILENT, now);
        } else if (relay->state == SILENT) {
            explain_again(relay, now);
        }
        break;
    case FINDER_REFUSED:
    case FINDER_UNSERVABLE:
        patience_failed(&relay->patience, now);
        if (relay->state == FIRST) {
            explain_refusal(relay);
            stop_waiting(relay, REFUSED, now);
        }
        break;
    }
}

/* ---- the loop */

static void send_to_daemon(struct relay *relay, int64_t now)
{
    enum wire_result result = WIRE_DONE;
    while (result == WIRE_DONE && relay->overture_sent < relay->overture.length) {
        size_t count;
        result = wire_write(&relay->daemon, true, relay->overture.bytes + relay->overture_sent,
                            relay->overture.length - relay->overture_sent, &count);
        relay->overture_sent += count;
    }
    if (result == WIRE_DONE && relay->overture.length > 0) {
        text_free(&relay->overture);
        relay->overture_sent = 0;
    }
    if (result == WIRE_DONE && relay->state == LIVE) {
        result = up_write(&relay->up, &relay->daemon, now);
        if (result != WIRE_ENDED && relay->up.ended && !up_has_pending(&relay->up) && !relay->half_closed) {
            shutdown(relay->daemon.fd, SHUT_WR);
            relay->half_closed = true;
        }
    }
    if (result == WIRE_ENDED && relay->welcoming) {
        not_welcome(relay, "It went away at once.", now);
    } else if (result == WIRE_ENDED) {
        /* What it has said before it went is still to be heard. */
        while (down_read(&relay->down, &relay->daemon) == WIRE_DONE) {
        }
        lose(relay, now);
    }
}

static void hear_from_daemon(struct relay *relay, int64_t now)
{
    enum wire_result result = down_read(&relay->down, &relay->daemon);
    if (relay->down.welcome == WELCOME_GIVEN) {
        go_live(relay, now);
    } else if (relay->down.welcome == WELCOME_DENIED) {
        deny_welcome(relay, now);
        return;
    }
    if (result == WIRE_ENDED && relay->welcoming) {
        not_welcome(relay, "It went away at once.", now);
    } else if (result == WIRE_ENDED) {
        lose(relay, now);
    }
}

static void print(struct relay *relay, bool ready)
{
    if (down_has_pending(&relay->down) && down_write(&relay->down, ready) == WIRE_ENDED) {
        finish(relay, 0);
    }
}

/* Once: answers are printed for a moment still. */
static void note_end(struct relay *relay, int64_t now)
{
    if (!has_agent_ended(relay)) {
        relay->end_ms = now + LAST_ANSWERS_MS;
    }
}

static void hear_from_agent(struct relay *relay, int64_t now)
{
    struct failure failure = failure_of(relay);
    bool refuses = relay->state == SILENT || relay->state == REFUSED;
    note_end(relay, now); /* it counts if this is the end */
    patience_asked(&relay->patience, now);
    up_read(&relay->up, refuses ? &failure : NULL, now);
}

/* Whether more of the agent's is taken. Who does not listen to the shim's own answers is not asked for more of what they answer. */
static bool listens(const struct relay *relay)
{
    return !relay->up.ended && up_has_room(&relay->up, fate_of(relay)) && (relay->state == LIVE || !down_is_full(&relay->down));
}

static void settle(struct relay *relay, int64_t now)
{
    struct failure failure = failure_of(relay);
    bool pings = relay->state != FIRST || now >= patience_gets_slow(&relay->patience);
    up_settle(&relay->up, fate_of(relay), &failure, pings, now);
}

/* What time brings. */
static void keep_time(struct relay *relay, int64_t now)
{
    if (has_agent_ended(relay) && now >= relay->end_ms) {
        finish(relay, relay->state == SILENT || relay->state == REFUSED);
    }
    if (relay->welcoming && now >= relay->welcome_limit_ms) {
        not_welcome(relay, "It has not answered the session's initialize for 150 s.", now);
    }
    if ((relay->state == FIRST || relay->state == AWAY) && now >= patience_ends(&relay->patience)) {
        explain_silence(relay, now);
        stop_waiting(relay, SILENT, now);
    }
    if (relay->state == LIVE && silence_lasts(&relay->silence, now)) {
        lose(relay, now);
    }
    if (relay->parent_fd < 0 && getppid() != relay->parent) {
        finish(relay, 0);
    }
}

/* Whether an agent would wait in vain for one that is gone. */
static bool awaits_daemon(const struct relay *relay)
{
    return relay->state == LIVE && relay->silence.fd >= 0 && (relay->memory.asked.first != NULL || up_has_pending(&relay->up));
}

static int64_t earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* For how long there is nothing to do; -1: until something comes. */
static int rest_ms(const struct relay *relay, int64_t now)
{
    int64_t due = INT64_MAX;
    if (has_agent_ended(relay)) {
        due = earlier(due, relay->end_ms);
    }
    if (relay->welcoming) {
        due = earlier(due, relay->welcome_limit_ms);
    }
    if (relay->state == FIRST || relay->state == AWAY) {
        due = earlier(due, patience_ends(&relay->patience));
    }
    if (relay->state == FIRST && now < patience_gets_slow(&relay->patience)) {
        due = earlier(due, patience_gets_slow(&relay->patience));
    }
    if (wants_daemon(relay)) {
        due = earlier(due, relay->finder.place == FINDER_IDLE ? relay->patience.next_try_ms : finder_due(&relay->finder));
    }
    if (awaits_daemon(relay)) {
        due = earlier(due, relay->silence.due_ms);
    }
    if (relay->parent_fd < 0) {
        due = earlier(due, now + PARENT_POLL_MS);
    }
    return due == INT64_MAX ? -1 : due <= now ? 0 : due - now > 60000 ? 60000 : (int) (due - now);
}

enum { AGENT_IN, AGENT_OUT, DAEMON, FINDER, PARENT, POLLED };

/* The other side is closed: told by poll though nothing is read. Pipes need not be asked. */
#if defined(POLLRDHUP)
#define CLOSED POLLRDHUP
#else
#define CLOSED 0
#endif

static void want(struct relay *relay, struct pollfd *fds)
{
    for (int i = 0; i < POLLED; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    if (listens(relay)) {
        fds[AGENT_IN] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    } else if (!has_agent_ended(relay)) {
        fds[AGENT_IN] = (struct pollfd){.fd = STDIN_FILENO, .events = CLOSED};
    }
    if (down_has_pending(&relay->down)) {
        fds[AGENT_OUT] = (struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT};
    }
    bool has_words = relay->overture.length > 0 || (relay->state == LIVE && up_has_pending(&relay->up));
    if (relay->daemon.fd >= 0) {
        short events = (short) ((down_has_room(&relay->down) ? POLLIN : 0) | (has_words ? POLLOUT : 0));
        fds[DAEMON] = (struct pollfd){.fd = events != 0 ? relay->daemon.fd : -1, .events = events};
    }
    if (wants_daemon(relay)) { /* else nobody hears what it hears, and it would be told again at once */
        finder_wants(&relay->finder, &fds[FINDER]);
    }
    fds[PARENT] = (struct pollfd){.fd = relay->parent_fd, .events = POLLIN};
}

static void turn(struct relay *relay, const struct pollfd *fds, int64_t now)
{
    if (fds[PARENT].revents != 0) {
        finish(relay, 0);
        return;
    }
    if (fds[AGENT_IN].revents != 0 && listens(relay)) {
        hear_from_agent(relay, now);
    } else if (fds[AGENT_IN].revents != 0) {
        note_end(relay, now);
        relay->input_closed = true;
    }
    if ((fds[DAEMON].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && down_has_room(&relay->down)) {
        hear_from_daemon(relay, now);
    }
    look_for_daemon(relay, now);
    settle(relay, now);
    if (relay->daemon.fd >= 0) {
        send_to_daemon(relay, now);
    }
    keep_time(relay, now);
    settle(relay, now); /* last: nothing may wake this process for a while to deal with what has come to wait, or to an end */
    print(relay, fds[AGENT_OUT].revents != 0);
}

/* The agent has said its last: whatever is still open or comes to be read is answered, as far as the agent listens. */
static void say_last_words(struct relay *relay)
{
    static const struct failure ENDED = {
        .code = DAEMON_GONE,
        .sent = true,
        .reason = "agent-ended",
        .message = "The agent closed its side before the daemon had answered. Whether this request was carried out is not known."};
    static const struct failure UNSENT = {
        .code = NO_DAEMON,
        .reason = "no-daemon",
        .message = "The agent closed its side while this request waited for the mpx daemon. Nothing of it was sent."};
    int64_t now = now_ms();
    hang_up(relay);
    down_lose(&relay->down);
    refuse_open(relay, &ENDED, true, now);
    up_lose(&relay->up, now);
    up_settle(&relay->up, FATE_REFUSED, &UNSENT, true, now);
    int64_t limit = now + LONGEST_LAST_WORDS_MS;
    int patience = LAST_WORDS_MS;
    while (now < limit) {
        bool reads = !relay->up.ended && !down_is_full(&relay->down), prints = down_has_pending(&relay->down);
        struct pollfd fds[] = {{.fd = reads ? STDIN_FILENO : -1, .events = POLLIN}, {.fd = prints ? STDOUT_FILENO : -1, .events = POLLOUT}};
        if ((!reads && !prints) || poll(fds, 2, patience) <= 0) {
            return;
        }
        now = now_ms();
        if (fds[0].revents != 0) {
            up_read(&relay->up, &UNSENT, now);
            up_settle(&relay->up, FATE_REFUSED, &UNSENT, true, now);
        }
        if (fds[1].revents != 0) {
            if (down_write(&relay->down, true) == WIRE_ENDED) {
                return;
            }
            patience = HEARD_WORDS_MS;
        }
    }
}

static bool idles(const struct relay *relay)
{
    return buffer_idles(&relay->up.bytes) || buffer_idles(&relay->down.bytes);
}

static void slim(struct relay *relay)
{
    buffer_slim(&relay->up.bytes);
    buffer_slim(&relay->down.bytes);
}

static int run(struct relay *relay)
{
    struct pollfd fds[POLLED];
    while (!relay->finished) {
        int64_t now = now_ms();
        want(relay, fds);
        int rest = rest_ms(relay, now);
        if (idles(relay) && (rest < 0 || rest > QUIET_MS)) {
            rest = QUIET_MS;
        }
        clock_expects_sleep(rest);
        int came = poll(fds, POLLED, rest);
        if (came < 0) {
            memset(fds, 0, sizeof fds); /* a signal: look again */
        } else if (came == 0) {
            slim(relay);
        }
        turn(relay, fds, now_ms());
    }
    if (has_agent_ended(relay)) {
        say_last_words(relay);
    }
    return relay->status;
}

static void init(struct relay *relay, const struct target *target)
{
    int64_t now = now_ms();
    *relay = (struct relay){.target = target, .state = FIRST, .daemon = {.fd = -1}, .silence = {.fd = -1}};
    relay->parent = getppid();
    relay->parent_fd = parent_open(relay->parent);
    signal(SIGPIPE, SIG_IGN);
    srandom((unsigned) getpid() ^ (unsigned) now);
    down_init(&relay->down, &relay->memory);
    up_init(&relay->up, &relay->memory, &relay->down);
    finder_init(&relay->finder, target);
    patience_init(&relay->patience, now);
}

/* Not on the stack: what it holds at the end is left to the system, and a leak checker is to tell that from what is lost. */
static struct relay relay;

int relay_run(const struct target *target)
{
    init(&relay, target);
    look_for_daemon(&relay, now_ms());
    return run(&relay);
}

int relay_refuse(const char *message)
{
    init(&relay, NULL);
    text_add(&relay.finder.trouble, message);
    text_add(&relay.finder.reason, "no-daemon");
    explain_refusal(&relay);
    stop_waiting(&relay, REFUSED, now_ms());
    return run(&relay);
}
