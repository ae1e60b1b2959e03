#include "vacancy.h"

#include "attempt.h"
#include "ownership.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longer than a daemon waits to be elected. */
#define START_LIMIT_MS 120000
#define AWAIT_MS 5

static enum finder_outcome start(struct finder *finder, int64_t now)
{
    char *error = NULL;
    if (!start_daemon(finder->target, &finder->daemon, &error)) {
        attempt_trouble(finder, "no-daemon");
        text_add(&finder->trouble, error);
        free(error);
        return attempt_end(finder, FINDER_FAILED);
    }
    finder->has_started = true;
    finder->start_limit_ms = now + START_LIMIT_MS;
    return attempt_look_again(finder, AWAIT_MS, now);
}

static enum finder_outcome did_not_start(struct finder *finder)
{
    attempt_trouble(finder, "no-daemon");
    if (started_is_alive(&finder->daemon)) {
        text_format(&finder->trouble, "The mpx daemon was started (process %ld) but did not answer within %d s", (long) finder->daemon.pid,
                    START_LIMIT_MS / 1000);
    } else {
        text_add(&finder->trouble, "The mpx daemon ended as soon as it was started");
    }
    text_format(&finder->trouble, ". Its log is %s/logs/daemon.log; to see it start, run \"mpx serve --home %s --", finder->target->home,
                finder->target->home);
    for (char **word = finder->target->argv; *word != NULL; word++) {
        text_format(&finder->trouble, " %s", *word);
    }
    text_add(&finder->trouble, "\".");
    unit_add_hint(&finder->trouble, finder->target->home);
    finder->log.length = 0;
    started_log_tail(finder->target, &finder->daemon, &finder->log);
    return attempt_end(finder, FINDER_FAILED);
}

/* The daemon that was started is not there yet. */
static enum finder_outcome await(struct finder *finder, int64_t now)
{
    if (now >= finder->start_limit_ms) {
        return did_not_start(finder);
    }
    if (finder->was_alive) {
        return attempt_look_again(finder, AWAIT_MS, now);
    }
    if (finder->was_second) {
        return did_not_start(finder);
    }
    /* It may have given way to one that was there and has left since. */
    finder->was_second = true;
    return start(finder, now);
}

enum finder_outcome vacancy_found(struct finder *finder, const char *why, int64_t now)
{
    dialogue_hang_up(&finder->talk);
    if (finder->only_looks) {
        return attempt_end(finder, FINDER_FAILED);
    }
    if (finder->is_far) {
        return attempt_unreachable(finder, why);
    }
    if (finder->lock < 0) {
        finder->place = FINDER_LOCKING;
        return FINDER_LOOKS;
    }
    return finder->has_started ? await(finder, now) : start(finder, now);
}

enum finder_outcome vacancy_lock(struct finder *finder, int64_t now)
{
    char *error = NULL;
    if (!ownership_check(finder->target, &error) || !home_prepare(finder->target->home, &error)) {
        return attempt_unservable(finder, error);
    }
    char *path = path_in(finder->target->home, "start.lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fd >= 0 && fcntl(fd, F_SETLK, &whole) != 0) {
        int cause = errno;
        close(fd);
        fd = -1;
        errno = cause;
    }
    attempt_trouble(finder, "no-daemon");
    if (fd < 0 && (errno == EAGAIN || errno == EACCES)) {
        text_format(&finder->trouble,
                    "The mpx daemon for %s does not answer yet; another mpx is starting or stopping it. Its log is ",
                    finder->target->home);
        unit_add_log(&finder->trouble, finder->target->home);
        text_format(&finder->trouble, "; \"mpx status --home %s\" tells more. If it stays so, this replaces it: ", finder->target->home);
        unit_add_restart(&finder->trouble, finder->target->home);
        return attempt_look_again_later(finder, now);
    }
    if (fd < 0) {
        text_format(&finder->trouble, "mpx can't use its lock file %s/start.lock: %s.", finder->target->home, strerror(errno));
        return attempt_end(finder, FINDER_FAILED);
    }
    finder->lock = fd;
    /* Whoever held the lock before may have started one by now. */
    return attempt_look_again(finder, 0, now);
}
