#include "driver.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
    AT_ONCE = 16, /* sessions that shake hands at the same time */
    READY_SESSIONS = 64,
    STALLED_WINDOW = 16, /* calls of one that never reads */
    SLOW_WINDOW = 4,
    SLOW_BYTES = 4096, /* what one that is slow reads in each pause */
    SLOW_PAUSE_MS = 10,
};

static const struct load FIRST_CALL = {.window = 1, .size = 16};
static const struct load STALLED_LOAD = {.window = STALLED_WINDOW, .size = 1 << 20};
static const struct load SLOW_LOAD = {.window = SLOW_WINDOW, .size = 20 << 10};

struct crowd {
    struct plan *plan;
    struct session *sessions;
    unsigned normal;
    unsigned all;
    int epoll;
    bool disturbed; /* the stalled and the slow have begun */
    uint64_t nibble_at;
};

/* What is to be measured next, as the caller says it; false: nothing more. */
static bool await_orders(struct plan *plan)
{
    char line[512];
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL || strncmp(line, "go", 2) != 0) {
        return false;
    }
    for (char *word = strtok(line + 2, " \n"); word != NULL; word = strtok(NULL, " \n")) {
        if (!plan_take_option(plan, word)) {
            broken("not an option", word, strlen(word));
        }
    }
    return true;
}

static void open_all(struct crowd *crowd)
{
    for (unsigned from = 0; from < crowd->all; from += AT_ONCE) {
        unsigned to = from + AT_ONCE < crowd->all ? from + AT_ONCE : crowd->all;
        for (unsigned i = from; i < to; i++) {
            session_start(&crowd->sessions[i], i, crowd->plan->command);
            session_ask_initialize(&crowd->sessions[i]);
        }
        alarm(crowd->plan->patience_seconds);
        for (unsigned i = from; i < to; i++) {
            session_await_initialize(&crowd->sessions[i]);
            session_load(&crowd->sessions[i], FIRST_CALL);
            session_call(&crowd->sessions[i], 1);
        }
        for (unsigned i = from; i < to; i++) {
            session_settle(&crowd->sessions[i]);
        }
    }
    crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned i = 0; i < crowd->normal; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, crowd->sessions[i].out, &event) != 0) {
            broken("epoll", "", 0);
        }
    }
}

/* Which sessions have something to be read. One alone is simply read, and waits there. */
static unsigned await_some(struct crowd *crowd, unsigned *ready)
{
    bool slow = crowd->disturbed && crowd->plan->slow > 0;
    if (crowd->normal == 1 && !slow) {
        ready[0] = 0;
        return 1;
    }
    struct epoll_event events[READY_SESSIONS];
    int count = epoll_wait(crowd->epoll, events, READY_SESSIONS, slow ? SLOW_PAUSE_MS : -1);
    for (int i = 0; i < count; i++) {
        ready[i] = events[i].data.u32;
    }
    return count > 0 ? (unsigned) count : 0;
}

static void think(const struct crowd *crowd)
{
    if (crowd->plan->pause > 0 && crowd->normal == 1) {
        uint64_t ns = (uint64_t) (crowd->plan->pause * 1e6);
        struct timespec pause = {.tv_sec = (time_t) (ns / 1000000000), .tv_nsec = (long) (ns % 1000000000)};
        nanosleep(&pause, NULL);
    }
}

static void nibble(struct crowd *crowd)
{
    if (!crowd->disturbed || crowd->plan->slow == 0 || now_ns() < crowd->nibble_at) {
        return;
    }
    crowd->nibble_at = now_ns() + SLOW_PAUSE_MS * UINT64_C(1000000);
    for (unsigned i = crowd->all - crowd->plan->slow; i < crowd->all; i++) {
        int lines = session_nibble(&crowd->sessions[i], SLOW_BYTES);
        if (lines > 0) {
            memset(crowd->sessions[i].slots, 0, SLOW_WINDOW * sizeof *crowd->sessions[i].slots);
            session_call(&crowd->sessions[i], (unsigned) lines);
        }
    }
}

/* What one measurement comes to. */
struct exchanged {
    uint64_t ended_ns; /* when the last call that counts was answered */
    unsigned long answers; /* with those that came later */
};

/*
 * How many of these calls are still to be made if there are to be no more than `most` (0: any number) and `asked` were made. The first
 * ones of each session are always made, all of its window.
 */
static unsigned still_to_ask(unsigned calls, unsigned long asked, unsigned long most)
{
    return most == 0 || asked + calls <= most ? calls : asked < most ? (unsigned) (most - asked) : 0;
}

/* Keeps every session's calls on their way until the time is over or there were calls enough; then awaits what is open. */
static struct exchanged exchange(struct crowd *crowd, double seconds, unsigned long calls, unsigned long least, bool noted)
{
    uint64_t begin = now_ns(), end = begin + (uint64_t) (seconds * 1e9);
    uint64_t longest = crowd->plan->longest > 0 ? begin + (uint64_t) (crowd->plan->longest * 1e9) : UINT64_MAX;
    unsigned long answers = 0, silent_for = 0, asked = (unsigned long) crowd->normal * crowd->plan->load.window;
    uint64_t alarmed_at = 0;
    for (unsigned i = 0; i < crowd->normal; i++) {
        session_load(&crowd->sessions[i], crowd->plan->load);
        session_call(&crowd->sessions[i], crowd->plan->load.window);
    }
    for (bool over = false; !over;) {
        unsigned ready[READY_SESSIONS];
        unsigned count = await_some(crowd, ready);
        nibble(crowd);
        for (unsigned i = 0; i < count; i++) {
            unsigned answered = session_read(&crowd->sessions[ready[i]], noted);
            unsigned more = still_to_ask(answered, asked, calls);
            think(crowd);
            session_call(&crowd->sessions[ready[i]], more);
            asked += more;
            answers += answered;
        }
        silent_for = count == 0 ? silent_for + 1 : 0;
        if (silent_for > crowd->plan->patience_seconds * 1000 / SLOW_PAUSE_MS) {
            broken("no answer in time", "", 0);
        }
        uint64_t now = now_ns();
        over = (now >= end && answers >= least) || now >= longest || (calls > 0 && answers >= calls);
        if (now - alarmed_at > 1000000000) {
            alarmed_at = now;
            alarm(crowd->plan->patience_seconds);
        }
    }
    uint64_t ended = now_ns();
    for (unsigned i = 0; i < crowd->normal; i++) {
        answers += session_settle(&crowd->sessions[i]);
    }
    alarm(0);
    return (struct exchanged) {ended, answers};
}

static void disturb(struct crowd *crowd)
{
    crowd->disturbed = true;
    for (unsigned i = crowd->normal; i < crowd->all; i++) {
        struct session *session = &crowd->sessions[i];
        bool slow = i >= crowd->all - crowd->plan->slow;
        fcntl(session->out, F_SETFL, O_NONBLOCK);
        session_load(session, slow ? SLOW_LOAD : STALLED_LOAD);
        session_call(session, session->load.window);
    }
}

static int compare(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *) one, b = *(const uint64_t *) other;
    return a < b ? -1 : a > b;
}

static void print_figures(struct crowd *crowd, uint64_t took_ns, unsigned long answers)
{
    struct samples all = {0};
    uint64_t *p99 = calloc(crowd->normal, sizeof *p99);
    for (unsigned i = 0; i < crowd->normal; i++) {
        struct samples *one = &crowd->sessions[i].samples;
        samples_sort(one);
        p99[i] = samples_quantile(one, 990);
        samples_join(&all, one);
    }
    samples_sort(&all);
    qsort(p99, crowd->normal, sizeof *p99, compare);
    printf("{\"state\":\"done\",\"calls\":%zu,\"answers\":%lu,\"ns\":%" PRIu64 ",\"p50\":%" PRIu64 ",\"p99\":%" PRIu64 ",\"p999\":%" PRIu64
           ",\"most\":%" PRIu64 ",\"sessionP99\":%" PRIu64 ",\"worstSessionP99\":%" PRIu64 "}\n",
           all.count, answers, took_ns, samples_quantile(&all, 500), samples_quantile(&all, 990), samples_quantile(&all, 999),
           samples_quantile(&all, 1000), p99[(crowd->normal - 1) / 2], p99[crowd->normal - 1]);
    free(p99);
    free(all.values);
}

static void print_ready(const struct crowd *crowd)
{
    printf("{\"state\":\"ready\",\"pids\":[");
    for (unsigned i = 0; i < crowd->all; i++) {
        printf("%s%d", i > 0 ? "," : "", (int) crowd->sessions[i].pid);
    }
    printf("]}\n");
}

static void close_all(struct crowd *crowd)
{
    for (unsigned i = 0; i < crowd->all; i++) {
        session_end(&crowd->sessions[i]);
    }
    uint64_t until = now_ns() + UINT64_C(3000000000);
    for (unsigned i = 0; i < crowd->all; i++) {
        session_reap(&crowd->sessions[i], until);
    }
}

void drive_load(struct plan *plan)
{
    struct crowd crowd = {.plan = plan, .normal = plan->sessions, .all = plan->sessions + plan->stalled + plan->slow};
    crowd.sessions = calloc(crowd.all, sizeof *crowd.sessions);
    if (crowd.sessions == NULL || crowd.normal == 0 || plan->load.window == 0 || plan->load.size < 16) {
        broken("that can't be driven", "", 0);
    }
    open_all(&crowd);
    if (plan->warm_seconds > 0) {
        exchange(&crowd, plan->warm_seconds, 0, 1, false);
    }
    print_ready(&crowd);
    while (await_orders(plan)) {
        if (!crowd.disturbed) {
            disturb(&crowd);
        }
        for (unsigned i = 0; i < crowd.normal; i++) {
            crowd.sessions[i].samples.count = 0;
        }
        uint64_t begin = now_ns();
        struct exchanged exchanged = exchange(&crowd, plan->seconds, plan->calls, plan->least, true);
        print_figures(&crowd, exchanged.ended_ns - begin, exchanged.answers);
    }
    close_all(&crowd);
}
