#include "job_guard.h"

#include "child.h"
#include "complain.h"
#include "job_signals.h"
#include "launch.h"
#include "lent.h"
#include "mempalace.h"
#include "text.h"
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For an earlier guard that is about to end: as long as the daemon gives one (proxy, Guard). */
#define EARLIER_MS "15000"
#define CANNOT 125

/* --job first: whoever reads the line may get its beginning alone. */
static char **command_line(const struct lease *lease)
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
    for (char *const *lock = lease->locks; *lock != NULL; lock++) {
        word_list_add(&line, "--lock");
        word_list_add(&line, *lock);
    }
    word_list_add(&line, "--");
    word_list_add_all(&line, lease->command);
    return line.words;
}

static _Noreturn void become(char *const *line, const char *home)
{
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

pid_t job_guard_start(const struct lease *lease)
{
    char **line = command_line(lease);
    pid_t guard = fork();
    if (guard == 0) {
        become(line, lease->home);
    }
    int cause = errno;
    if (guard > 0) {
        child_has_stdin_and_stdout();
    }
    words_free(line);
    errno = cause;
    return guard;
}
