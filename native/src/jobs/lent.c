#include "lent.h"

#include "complain.h"
#include "proc_details.h"
#include "procs.h"
#include "record.h"
#include "target.h"
#include "text.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOT_FOUND 127
#define CANNOT_RUN 126
/* A parent that ends between two looks breaks the line; the next look finds who has adopted its children. */
#define LOOKS 20

bool lent_names(const char *homes, const char *home)
{
    size_t length = strlen(home);
    for (const char *at = homes; at != NULL && length > 0 && (at = strstr(at, home)) != NULL; at++) {
        if ((at == homes || at[-1] == ':') && (at[length] == '\0' || at[length] == ':')) {
            return true;
        }
    }
    return false;
}

void lent_set(const char *home)
{
    const char *before = getenv(LENT_VARIABLE);
    struct text homes = {0};
    if (before == NULL || *before == '\0') {
        text_add(&homes, home);
    } else if (lent_names(before, home)) {
        text_add(&homes, before);
    } else {
        text_format(&homes, "%s:%s", home, before);
    }
    setenv(LENT_VARIABLE, text_chars(&homes), 1);
    text_free(&homes);
}

static bool is_same_file(const char *one, const char *other)
{
    struct stat a;
    struct stat b;
    return strcmp(one, other) == 0 || (stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

/* Whether it is the command line of a job's guard with that lock. */
static bool is_guard_of_job_with(char *const *words, const char *lock)
{
    bool of_job = false;
    bool with_lock = false;
    if (words[0] == NULL || words[1] == NULL || strcmp(words[1], "guard") != 0) {
        return false;
    }
    for (words += 2; *words != NULL && strcmp(*words, "--") != 0; words++) {
        of_job = of_job || strcmp(*words, "--job") == 0;
        with_lock = with_lock || (strcmp(*words, "--lock") == 0 && words[1] != NULL && is_same_file(words[1], lock));
    }
    return of_job && with_lock;
}

/* Where no command line is told: whether that process is the guard that wrote last into the lock file. */
static bool is_on_record(const struct proc *one, const char *lock)
{
    struct record record;
    int fd = open(lock, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool is = fd >= 0 && record_read(fd, &record) && record.pid == one->pid && record.start == one->start && record.state != RECORD_ENDED;
    if (fd >= 0) {
        close(fd);
    }
    return is;
}

static bool has_lock(const struct proc *one, const char *lock)
{
    char **words = proc_words(one->pid);
    bool has = words != NULL ? is_guard_of_job_with(words, lock) : is_on_record(one, lock);
    words_free(words);
    return has;
}

/*
 * A guard that has descendants has its locks, since it starts nothing before; and what is detached below it becomes its child when
 * its parents end (Linux). False in *whole when somebody in the line ended meanwhile.
 */
static bool is_below_guard_with(const char *lock, bool *whole)
{
    struct proc one;
    pid_t pid = getppid();
    while ((*whole = pid <= 1 || proc_read(pid, &one)) && pid > 1) {
        if (has_lock(&one, lock)) {
            return true;
        }
        pid = one.parent;
    }
    return false;
}

bool lent_is_of(const char *home)
{
    if (!lent_names(getenv(LENT_VARIABLE), home)) {
        return false;
    }
    char *lock = path_in(home, "child.lock");
    bool is = false;
    bool whole = false;
    for (int look = 0; look < LOOKS && !is && !whole; look++) {
        is = is_below_guard_with(lock, &whole);
    }
    free(lock);
    return is;
}

int lent_become(char *const *argv)
{
    execvp(argv[0], argv);
    int cause = errno;
    struct text line = {0};
    text_format(&line, "cannot run %s: %s", argv[0], strerror(cause));
    complain(text_chars(&line));
    text_free(&line);
    return cause == ENOENT || cause == ENOTDIR ? NOT_FOUND : CANNOT_RUN;
}
