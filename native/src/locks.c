#include "locks.h"

#include "clock.h"
#include "events.h"
#include "held.h"
#include "holders.h"
#include "leftovers.h"
#include "options.h"
#include "procs.h"
#include "record.h"
#include "say.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A lock file that somebody removes just then is opened again this often. */
#define OPEN_TRIES 3
/* A guard needs a moment to see that its parent is gone, above all one that was stopped. */
#define NOTICE_MS 300
#define LOOK_AGAIN_MS 10

static bool is_among(const struct locks *locks, const struct lockfile *file)
{
    for (size_t i = 0; i < locks->count; i++) {
        if (locks->all[i].device == file->device && locks->all[i].inode == file->inode) {
            return true;
        }
    }
    return false;
}

/* One order for everybody: of two guards that want the same files, one gets them all. */
static int by_identity(const void *left, const void *right)
{
    const struct lockfile *a = left;
    const struct lockfile *b = right;
    if (a->device != b->device) {
        return a->device < b->device ? -1 : 1;
    }
    return (a->inode > b->inode) - (a->inode < b->inode);
}

static bool open_all(struct locks *locks, char *const *paths, size_t count)
{
    locks->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct lockfile file;
        if (!lockfile_open(&file, paths[i])) {
            return false;
        }
        if (is_among(locks, &file)) {
            lockfile_close(&file);
        } else {
            locks->all[locks->count++] = file;
        }
    }
    if (locks->count > 1) {
        qsort(locks->all, locks->count, sizeof *locks->all, by_identity);
    }
    return true;
}

static void close_all(struct locks *locks)
{
    for (size_t i = 0; i < locks->count; i++) {
        lockfile_close(&locks->all[i]);
    }
    locks->count = 0;
}

/* Who has the claim: by a classic lock, by what the file says if that one lives, by who holds the descriptor. */
static bool find_claimant(const struct lockfile *file, struct proc *out)
{
    struct record record;
    struct procs found = {0};
    pid_t classic = lockfile_classic_holder(file, CLAIM_BYTE);
    if (classic != 0 && proc_read(classic, out)) {
        return true;
    }
    if (record_read(file->tree, &record) && record.state != RECORD_ENDED && record_is_of_living(&record)) {
        return proc_read(record.pid, out);
    }
    bool seen = holders_by_descriptor(file, CLAIM_BYTE, &found) && found.count > 0;
    if (seen) {
        *out = found.all[0];
    }
    procs_free(&found);
    return seen;
}

/*
 * A guard that was stopped would hold its lock for ever, with nobody above it who could end it once its daemon is gone.
 * Awake, it sees that by itself and ends in order; one that has its daemon goes on as if nothing had been.
 */
static void wake_if_stopped(const struct lockfile *file)
{
    struct record record;
    struct proc guard;
    if (record_read(file->tree, &record) && record.state != RECORD_ENDED && record_is_of_living(&record)
        && proc_read(record.pid, &guard) && guard.start == record.start && guard.state == 'T') {
        proc_signal(&guard, SIGCONT);
    }
}

static int refuse_held(const struct lockfile *file)
{
    struct proc holder;
    bool seen = find_claimant(file, &holder);
    return say_held(file->path, seen ? &holder : NULL);
}

/* LOCK_FAILED with ESTALE in errno is worth another try; `held` is the one that somebody else has. */
static enum lock_try claim_all(struct locks *locks, const struct lockfile **held)
{
    for (size_t i = 0; i < locks->count; i++) {
        enum lock_try got = lockfile_claim(&locks->all[i]);
        if (got == LOCK_HELD) {
            *held = &locks->all[i];
        } else if (got == LOCK_FAILED && errno != ESTALE) {
            say("cannot lock %s: %s", locks->all[i].path, strerror(errno));
        }
        if (got != LOCK_TAKEN) {
            return got;
        }
    }
    return LOCK_TAKEN;
}

/* A job waits for another: both have been promised the palace, by one daemon after the other. */
static bool is_in_turn(const struct lockfile *held, const struct options *options)
{
    struct proc holder;
    return options->stay && find_claimant(held, &holder) && is_guard_of_job(&holder);
}

/* Whether it is worth waiting for who holds it, and if so, for a moment. Who wants this guard to end is not kept waiting. */
static bool waits_for(const struct lockfile *held, const struct options *options, int64_t since)
{
    struct record record;
    wake_if_stopped(held);
    /* One that has written down its end and lives is on its way out: it still has its locks. */
    bool is_ending = record_read(held->tree, &record) && record.state != RECORD_RUNNING && record_is_of_living(&record);
    int64_t limit = is_in_turn(held, options)                       ? INT64_MAX
                    : is_ending || options->wait_ms < NOTICE_MS ? options->wait_ms
                                                                : NOTICE_MS;
    if (now_ms() - since >= limit || events_end_asked() != 0 || events_parent_is_gone()) {
        return false;
    }
    events_wait(LOOK_AGAIN_MS);
    return true;
}

static int open_and_claim(struct locks *locks, const struct options *options)
{
    int64_t since = now_ms();
    int stale = 0;
    while (stale < OPEN_TRIES) {
        const struct lockfile *held = NULL;
        if (!open_all(locks, options->locks, options->lock_count)) {
            return EXIT_CANNOT;
        }
        enum lock_try got = claim_all(locks, &held);
        if (got == LOCK_TAKEN) {
            return 0;
        }
        if (got == LOCK_HELD && !waits_for(held, options, since)) {
            return refuse_held(held);
        }
        if (got == LOCK_FAILED && errno != ESTALE) {
            return EXIT_CANNOT;
        }
        stale += got == LOCK_FAILED;
        close_all(locks);
    }
    say("cannot lock %s: the file is replaced again and again", options->locks[0]);
    return EXIT_CANNOT;
}

/* Whether the last guard of any of them may have left processes that no longer hold its lock. */
static bool ended_badly(const struct locks *locks)
{
    char boot[64];
    boot_id(boot, sizeof boot);
    for (size_t i = 0; i < locks->count; i++) {
        struct record record;
        if (locks->all[i].is_new) {
            continue;
        }
        /* No record, though the file is there: a disk that was full then. Processes of another boot are gone. */
        bool unknown = !record_read(locks->all[i].tree, &record);
        if (unknown || (record.state != RECORD_ENDED && strcmp(record.boot, boot) == 0)) {
            return true;
        }
    }
    return false;
}

int locks_take(struct locks *locks, const struct options *options)
{
    locks->all = calloc(options->lock_count + 1, sizeof *locks->all);
    if (locks->all == NULL) {
        return EXIT_CANNOT;
    }
    int verdict = open_and_claim(locks, options);
    return verdict != 0 ? verdict : leftovers_end(locks, ended_badly(locks), options->term_ms);
}

static void write_records(const struct locks *locks, enum record_state state)
{
    struct record record = {.pid = getpid(), .state = state};
    struct proc self;
    record.start = proc_read(getpid(), &self) ? self.start : 0;
    boot_id(record.boot, sizeof record.boot);
    for (size_t i = 0; i < locks->count; i++) {
        if (!record_write(locks->all[i].tree, &record) && state == RECORD_RUNNING) {
            say("cannot write into %s: %s; the lock holds without", locks->all[i].path, strerror(errno));
        }
    }
}

/* "|KEY|KEY|" */
static void set_variable(const struct locks *locks)
{
    size_t room = locks->count * sizeof locks->all[0].key + locks->count + 2;
    char *value = calloc(room, 1);
    if (value == NULL) {
        return;
    }
    size_t length = (size_t) snprintf(value, room, "|");
    for (size_t i = 0; i < locks->count; i++) {
        length += (size_t) snprintf(value + length, room - length, "%s|", locks->all[i].key);
    }
    setenv(GUARDED_VARIABLE, value, 1);
    free(value);
}

void locks_record(const struct locks *locks)
{
    if (locks->count > 0) {
        write_records(locks, RECORD_RUNNING);
        set_variable(locks);
    }
}

void locks_record_ending(const struct locks *locks)
{
    write_records(locks, RECORD_ENDING);
}

void locks_record_end(const struct locks *locks)
{
    write_records(locks, RECORD_ENDED);
}
