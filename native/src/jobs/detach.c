#include "detach.h"

#include "job_log.h"
#include "offspring.h"
#include "target.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum detached fail(char **error, const char *what)
{
    struct text text = {0};
    text_format(&text, "mpx could not go on in the background: %s: %s.", what, strerror(errno));
    *error = text_take(&text);
    return DETACH_FAILED;
}

static void take_descriptors(int input, int log)
{
    int nothing = open("/dev/null", O_RDONLY);
    dup2(input >= 0 ? input : nothing, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    offspring_close_from(STDERR_FILENO + 1);
    job_log_is_stderr();
}

enum detached detach(const char *home, int input, char **error)
{
    if (!home_prepare(home, error)) {
        return DETACH_FAILED;
    }
    int log = job_log_open(home);
    if (log < 0) {
        return fail(error, "its log can't be written");
    }
    pid_t between = fork();
    if (between == 0) {
        pid_t self = fork();
        if (self != 0) {
            _exit(self > 0 ? 0 : 1);
        }
        setsid();
        take_descriptors(input, log);
        offspring_forget_signals();
        return DETACHED_SELF;
    }
    int status = 1;
    close(log);
    if (between > 0) {
        while (waitpid(between, &status, 0) < 0 && errno == EINTR) {
        }
    }
    return status == 0 ? DETACHED_CALLER : fail(error, "no process");
}
