#include "job.h"

#include "clock.h"
#include "command.h"
#include "complain.h"
#include "job_guard.h"
#include "job_log.h"
#include "job_signals.h"
#include "launch.h"
#include "lender.h"
#include "notice.h"
#include "unit.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From so much waiting on, a person is told what for; a daemon's start alone takes longer. */
#define NOTICE_MS 1000
#define START_NOTICE_MS 3000
/* The daemon knows the limit of the wait itself: this is for one that does not say so. */
#define WAIT_GRACE_MS 2000
/* To find or start a daemon to wait for. */
#define SEARCH_GRACE_MS 10000
/* For the answer to mpx/return: the end of the connection says the same. */
#define RETURN_MS 2000
/* A daemon that has said nothing for so long is asked whether it is there, and given as long again. */
#define SILENCE_MS 20000
/* So many daemons one after the other that hang up on their borrowers. */
#define MOST_LOSSES 8

enum state {
    ASKING,   /* for the palace */
    RUNNING,  /* the command; meanwhile a daemon that is lost is looked for */
    RETURNING /* the palace; the command has ended */
};

struct job {
    const struct target *target;
    const struct terms *terms;
    enum state state;
    struct lender lender;
    bool finished;
    int status;
    int64_t began;
    int64_t limit;      /* of RETURNING */
    struct reply queued;
    bool has_noticed;
    int64_t heard;      /* the last word of the daemon's */
    int64_t silence_ms;
    bool has_pinged;
    int losses;
    struct job_guard guard;
    long long number;   /* that the daemon knows this job by; 0: this daemon does not know it yet */
};

static void say(const char *text)
{
    complain(text);
}

static void finish(struct job *job, int status)
{
    job->finished = true;
    job->status = status;
}

/* ---- asking */

static void give_up(struct job *job, const char *why, int status)
{
    say(why);
    finish(job, status);
}

static void give_up_the_search(struct job *job)
{
    say(text_chars(&job->lender.finder.trouble));
    complain_log(&job->lender.finder.log);
    complain_more("The command was not run, as nobody could say that the palace is free.");
    finish(job, NO_DAEMON);
}

/* What is left of the time for the turn; -1: there is no limit. */
static int64_t wait_left(const struct job *job, int64_t now)
{
    int64_t left = job->terms->wait_ms - (now - job->began);
    return job->terms->wait_ms < 0 ? -1 : left < 0 ? 0 : left;
}

static void ask(struct job *job, int64_t now)
{
    struct text request = {0};
    borrow_add(&request, job->terms, job->state == ASKING ? wait_left(job, now) : -1, job->state == RUNNING);
    lender_say(&job->lender, &request);
    text_free(&request);
    job->heard = now;
    job->has_pinged = false;
}

static void start(struct job *job, const struct reply *lent)
{
    job_log_begins(job->terms->command, lent->job);
    job->number = lent->job;
    job->state = RUNNING;
    if (!job_guard_start(&job->guard, &(struct lease){.job = lent->job, .locks = lent->locks, .home = job->target->home,
                                                      .limit_ms = job->terms->timeout_ms, .command = job->terms->command})) {
        struct text line = {0};
        text_format(&line, "cannot run %s: %s", job->terms->command[0], strerror(errno));
        give_up(job, text_chars(&line), DEGRADED);
        text_free(&line);
    }
}

static void joined(struct job *job, const struct reply *reply)
{
    struct text line = {0};
    text_format(&line, "joined job %lld, which %s the same", reply->job, reply->has_status ? "ran" : "runs");
    say(text_chars(&line));
    text_free(&line);
    finish(job, reply->has_status ? reply->status : WELL);
}

static void hear_while_asking(struct job *job, struct reply *reply, int64_t now)
{
    switch (reply->told) {
    case TOLD_QUEUED:
        reply_free(&job->queued);
        job->queued = *reply;
        *reply = (struct reply){0};
        break;
    case TOLD_LENT:
        start(job, reply);
        break;
    case TOLD_JOINED:
        joined(job, reply);
        break;
    case TOLD_LEAVES:
        lender_seek_later(&job->lender, true, now);
        break;
    case TOLD_REFUSED:
        give_up(job, reply->message, DEGRADED);
        break;
    case TOLD_NOTHING:
    case TOLD_RETURNED:
        break;
    }
}

/* ---- running */

/* Only what a daemon says to `resumes` matters; one that does not know that would be asked again and again. */
static void hear_while_running(struct job *job, const struct reply *reply)
{
    if (reply->told == TOLD_LENT) {
        job->number = reply->job;
    }
}

static void ended(struct job *job, int status, int64_t now)
{
    job->status = status;
    job_log_ends(job->number, status);
    if (job->lender.place != LENDER_THERE || job->number == 0) {
        finish(job, status); /* the next daemon finds the locks free */
        return;
    }
    struct text request = {0};
    borrow_add_return(&request, job->number, status);
    lender_say(&job->lender, &request);
    text_free(&request);
    job->state = RETURNING;
    job->limit = now + RETURN_MS;
}

static void look_after_guard(struct job *job, int64_t now)
{
    int status;
    if (job_guard_ended(&job->guard, &status)) {
        ended(job, status, now);
    }
}

/* ---- what happens */

static void hear(struct job *job, const char *line, int64_t now)
{
    struct reply reply;
    reply_read(&reply, line);
    job->heard = now;
    job->has_pinged = false;
    if (job->state == ASKING) {
        hear_while_asking(job, &reply, now);
    } else if (job->state == RUNNING) {
        hear_while_running(job, &reply);
    } else if (reply.told == TOLD_RETURNED) {
        finish(job, job->status);
    }
    reply_free(&reply);
}

static void lose(struct job *job, int64_t now)
{
    if (job->state == RETURNING) {
        finish(job, job->status);
    } else if (job->state == RUNNING) {
        job->number = 0;
        lender_seek_later(&job->lender, false, now);
    } else if (++job->losses >= MOST_LOSSES) {
        give_up(job, "The mpx daemon hangs up on whoever asks for the palace, again and again. Its log tells more: mpx status",
                NO_DAEMON);
    } else {
        lender_seek_later(&job->lender, true, now);
    }
}

static void react(struct job *job, enum lender_event event, const char *line, int64_t now)
{
    switch (event) {
    case LENDER_CAME:
        ask(job, now);
        break;
    case LENDER_SAID:
        hear(job, line, now);
        break;
    case LENDER_LEFT:
        lose(job, now);
        break;
    case LENDER_HANGS:
    case LENDER_NONE:
        if (job->state == ASKING) {
            give_up_the_search(job);
        } else if (event == LENDER_NONE) {
            lender_seek_later(&job->lender, false, now);
        }
        break;
    case LENDER_QUIET:
        break;
    }
}

static void talk(struct job *job, int64_t now)
{
    enum lender_event event;
    do {
        char *line = NULL;
        event = lender_step(&job->lender, now, &line);
        react(job, event, line, now);
        free(line);
    } while (!job->finished && event != LENDER_QUIET);
}

/* Before the command runs they end this; then they are the guard's, who may have them from the terminal already. */
static void heed_signals(struct job *job)
{
    for (int signal = job_signals_take(); signal != 0 && !job->finished; signal = job_signals_take()) {
        if (job->state == ASKING) {
            finish(job, 128 + signal);
        } else if (job->guard.pid > 0) {
            kill(job->guard.pid, signal);
        }
    }
}

/* ---- time */

static int64_t notice_at(const struct job *job)
{
    return job->state != ASKING || job->has_noticed
               ? INT64_MAX
               : job->began + (job->queued.told == TOLD_QUEUED ? NOTICE_MS : START_NOTICE_MS);
}

/* While it is asked, it is there; while it is sought, it need not be. */
static int64_t silence_at(const struct job *job)
{
    return job->state != ASKING || job->lender.place != LENDER_THERE
               ? INT64_MAX
               : job->heard + (job->has_pinged ? 2 : 1) * job->silence_ms;
}

static int64_t wait_ends_at(const struct job *job)
{
    return job->state != ASKING || job->terms->wait_ms < 0
               ? INT64_MAX
               : job->began + job->terms->wait_ms + (job->lender.place == LENDER_THERE ? WAIT_GRACE_MS : SEARCH_GRACE_MS);
}

static void tell_of_waiting(struct job *job)
{
    struct text line = {0};
    notice_add(&line, job->queued.told == TOLD_QUEUED ? &job->queued : NULL);
    say(text_chars(&line));
    text_free(&line);
    job->has_noticed = true;
}

static void mind_silence(struct job *job)
{
    struct text text = {0};
    if (!job->has_pinged) {
        borrow_add_ping(&text);
        lender_say(&job->lender, &text);
        job->has_pinged = true;
    } else {
        const char *endpoint = job->lender.finder.endpoint;
        text_format(&text, "The mpx daemon of %s (tried %s) has stopped answering. Its log is ", job->target->home,
                    endpoint == NULL ? "its socket" : endpoint);
        unit_add_log(&text, job->target->home);
        text_add(&text, ". If it hangs, this replaces it: ");
        unit_add_restart(&text, job->target->home);
        give_up(job, text_chars(&text), NO_DAEMON);
    }
    text_free(&text);
}

static void keep_time(struct job *job, int64_t now)
{
    job_log_keep_small(now);
    if (now >= wait_ends_at(job)) {
        give_up(job, "the palace was not to be had within --wait; the command was not run", DEGRADED);
    } else if (now >= silence_at(job)) {
        mind_silence(job);
    } else if (now >= notice_at(job)) {
        tell_of_waiting(job);
    } else if (job->state == RETURNING && now >= job->limit) {
        finish(job, job->status);
    }
}

static int rest_ms(const struct job *job, int64_t now)
{
    const int64_t times[] = {lender_due(&job->lender), notice_at(job), silence_at(job), wait_ends_at(job), job_log_due(),
                             job->state == RETURNING ? job->limit : INT64_MAX};
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        first = times[i] < first ? times[i] : first;
    }
    int64_t rest = first - now;
    return first == INT64_MAX ? -1 : rest < 0 ? 0 : rest > INT_MAX ? INT_MAX : (int) rest;
}

static int run(struct job *job)
{
    while (!job->finished) {
        int64_t now = now_ms();
        struct pollfd fds[2] = {{.fd = job_signals_descriptor(), .events = POLLIN}, {.fd = -1}};
        talk(job, now);
        heed_signals(job);
        look_after_guard(job, now);
        if (!job->finished) {
            keep_time(job, now);
        }
        if (job->finished) {
            break;
        }
        if (!lender_wants(&job->lender, &fds[1])) {
            fds[1].fd = -1;
        }
        int rest = rest_ms(job, now);
        clock_expects_sleep(rest);
        poll(fds, 2, rest);
    }
    return job->status;
}

static int64_t silence_limit(void)
{
    char *given = java_option("-Dmpx.silence=");
    int64_t limit = given == NULL ? SILENCE_MS : atoll(given);
    free(given);
    return limit;
}

int job_run(const struct target *target, const struct terms *terms)
{
    int64_t now = now_ms();
    struct job job = {.target = target, .terms = terms, .state = ASKING, .began = now, .silence_ms = silence_limit()};
    if (!job_signals_catch()) {
        say(strerror(errno));
        return DEGRADED;
    }
    srandom((unsigned) getpid() ^ (unsigned) now);
    lender_init(&job.lender, target);
    lender_seek(&job.lender, true, now);
    int status = run(&job);
    lender_free(&job.lender);
    reply_free(&job.queued);
    return status;
}
