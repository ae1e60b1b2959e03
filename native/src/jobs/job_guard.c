#include "job_guard.h"

#include "complain.h"
#include "job_signals.h"
#include "launch.h"
#include "lent.h"
#include "mempalace.h"
#include "text.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Words of the guard's own besides the locks, with room to spare. */
#define OWN_WORDS 20
/* For an earlier guard that is about to end: as long as the daemon gives one (proxy, Guard). */
#define EARLIER_MS "15000"
#define CANNOT 125

struct line {
    char **words;
    size_t count;
};

static void add(struct line *line, const char *word)
{
    line->words[line->count++] = slice_copy(slice_of(word));
}

static void add_number(struct line *line, long long number)
{
    struct text text = {0};
    text_add_number(&text, number);
    line->words[line->count++] = text_take(&text);
}

/* --job first: whoever reads the line may get its beginning alone. */
static char **command_line(const struct lease *lease)
{
    struct line line = {.words = need((words_count(lease->locks) * 2 + words_count(lease->command) + OWN_WORDS) * sizeof *line.words)};
    add(&line, "mpx");
    add(&line, "guard");
    add(&line, "--job");
    add_number(&line, lease->job);
    add(&line, "--stay");
    add(&line, "--parent");
    add_number(&line, getpid());
    add(&line, "--eof-ms");
    add(&line, "0");
    add(&line, "--limit-ms");
    add_number(&line, lease->limit_ms);
    add(&line, "--wait-ms");
    add(&line, EARLIER_MS);
    for (char *const *lock = lease->locks; *lock != NULL; lock++) {
        add(&line, "--lock");
        add(&line, *lock);
    }
    add(&line, "--");
    for (char *const *word = lease->command; *word != NULL; word++) {
        add(&line, *word);
    }
    line.words[line.count] = NULL;
    return line.words;
}

static _Noreturn void become(char *const *line, const char *home)
{
    setenv(LENT_VARIABLE, home, 1);
    mempalace_writes_itself();
    job_signals_restore();
    execv(mpx_program(), line);
    execv("/proc/self/exe", line); /* removed while it ran, as by an update */
    struct text text = {0};
    text_format(&text, "cannot run %s: %s", mpx_program(), strerror(errno));
    complain(text_chars(&text));
    _exit(CANNOT);
}

/* As long as this process had a copy of them, nobody would see the command close its stdout, nor get EPIPE for its stdin. */
static void let_go_of_stdin_and_stdout(void)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        close(nothing);
    }
}

pid_t job_guard_start(const struct lease *lease)
{
    char **line = command_line(lease);
    pid_t guard = fork();
    if (guard == 0) {
        become(line, lease->home);
    }
    int cause = errno;
    if (guard > 0) {
        let_go_of_stdin_and_stdout();
    }
    words_free(line);
    errno = cause;
    return guard;
}

int job_guard_status(int ended)
{
    return WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended);
}
