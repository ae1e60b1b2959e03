#include "job_guard.h"

#include "child.h"
#include "command.h"
#include "complain.h"
#include "job_signals.h"
#include "launch.h"
#include "lent.h"
#include "mempalace.h"
#include "text.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* For an earlier guard that is about to end: as long as the daemon gives one (proxy, Guard). */
#define EARLIER_MS "15000"
#define CANNOT 125
/* From here on a status tells a signal, as a shell has it. */
#define SIGNALS 128

/* --job first: whoever reads the line may get its beginning alone. */
static char **command_line(const struct lease *lease, int tell)
{
    struct word_list line = {0};
    word_list_add(&line, "mpx");
    word_list_add(&line, "guard");
    word_list_add(&line, "--job");
    word_list_add_number(&line, lease->job);
    word_list_add(&line, "--stay");
    word_list_add(&line, "--parent");
    word_list_add_number(&line, getpid());
    word_list_add(&line, "--eof-ms");
    word_list_add(&line, "0");
    word_list_add(&line, "--limit-ms");
    word_list_add_number(&line, lease->limit_ms);
    word_list_add(&line, "--wait-ms");
    word_list_add(&line, EARLIER_MS);
    word_list_add(&line, "--tell");
    word_list_add_number(&line, tell);
    for (char *const *lock = lease->locks; *lock != NULL; lock++) {
        word_list_add(&line, "--lock");
        word_list_add(&line, *lock);
    }
    word_list_add(&line, "--");
    word_list_add_all(&line, lease->command);
    return line.words;
}

static _Noreturn void become(char *const *line, const char *home, int tell)
{
    fcntl(tell, F_SETFD, 0);
    lent_set(home);
    mempalace_writes_itself();
    job_signals_restore();
    execv(mpx_program(), line);
    execv("/proc/self/exe", line); /* removed while it ran, as by an update */
    struct text text = {0};
    text_format(&text, "cannot run %s: %s", mpx_program(), strerror(errno));
    complain(text_chars(&text));
    _exit(CANNOT);
}

static bool open_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        return false;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fcntl(ends[0], F_SETFL, O_NONBLOCK); /* what the guard has not said when it has ended, nobody says */
    return true;
}

bool job_guard_start(struct job_guard *out, const struct lease *lease)
{
    int ends[2];
    if (!open_pipe(ends)) {
        return false;
    }
    char **line = command_line(lease, ends[1]);
    pid_t guard = fork();
    if (guard == 0) {
        become(line, lease->home, ends[1]);
    }
    int cause = errno;
    close(ends[1]);
    if (guard > 0) {
        child_has_stdin_and_stdout();
        *out = (struct job_guard){.pid = guard, .told = ends[0]};
    } else {
        close(ends[0]);
    }
    words_free(line);
    errno = cause;
    return guard > 0;
}

/* What the guard's own status means while its command has none. One that was asked to end before says so by 128 + signal. */
static int status_of_guard(int ending)
{
    int status = child_exit_status(ending);
    if (WIFSIGNALED(ending)) {
        complain("the guard of this job was killed; what it left of the command is ended before anybody else gets the palace");
    } else if (status < SIGNALS) {
        complain("the command was not run, since its guard could not have the palace for it or could not start");
        return DEGRADED;
    }
    return status;
}

bool job_guard_ended(struct job_guard *guard, int *status)
{
    int ending;
    char word;
    if (guard->pid <= 0 || waitpid(guard->pid, &ending, WNOHANG) != guard->pid) {
        return false;
    }
    bool has_started = read(guard->told, &word, 1) == 1;
    *status = has_started && WIFEXITED(ending) ? child_exit_status(ending) : status_of_guard(ending);
    close(guard->told);
    guard->pid = 0;
    return true;
}
