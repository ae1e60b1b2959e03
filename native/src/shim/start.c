#include "start.h"

#include "launch.h"
#include "offspring.h"
#include "plain.h"
#include "procs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A log that has grown beyond this is begun anew. */
#define LARGEST_LOG (1 << 20)
#define TAIL 2048

static char *log_path(const struct target *target)
{
    char *logs = path_in(target->home, "logs");
    char *log = path_in(logs, "daemon.log");
    free(logs);
    return log;
}

static int open_log(const struct target *target, long *from)
{
    char *path = log_path(target);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    free(path);
    struct stat file;
    if (fd >= 0 && fstat(fd, &file) == 0 && file.st_size > LARGEST_LOG && ftruncate(fd, 0) != 0) {
        close(fd);
        return -1;
    }
    *from = fd >= 0 ? (long) lseek(fd, 0, SEEK_END) : 0;
    return fd;
}

/* In the process that becomes the daemon. Once it has told its pid, no signal to the agent's processes reaches it. */
static void become(const struct target *target, int log, int tell)
{
    setsid();
    pid_t self = getpid();
    if (write(tell, &self, sizeof self) != (ssize_t) sizeof self) {
        _exit(1);
    }
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    offspring_close_from(STDERR_FILENO + 1);
    if (chdir(target->home) != 0) {
        fprintf(stderr, "mpx: can't go to %s: %s\n", target->home, strerror(errno));
        _exit(1);
    }
    offspring_forget_signals();
    _exit(launch_daemon(target));
}

/* In the process in between: its end makes the daemon nobody's child. */
static void detach(const struct target *target, int log, int tell)
{
    pid_t daemon = fork();
    if (daemon == 0) {
        become(target, log, tell);
    }
    _exit(daemon > 0 ? 0 : 1);
}

static bool failed(char **error, const char *what)
{
    struct text text = {0};
    text_format(&text, "mpx could not start its daemon: %s: %s.", what, strerror(errno));
    *error = text_take(&text);
    return false;
}

bool start_daemon(const struct target *target, struct started *out, char **error)
{
    int log = open_log(target, &out->log_from);
    if (log < 0) {
        return failed(error, "its log can't be written");
    }
    int tell[2];
    if (pipe(tell) != 0) {
        close(log);
        return failed(error, "no pipe");
    }
    pid_t between = fork();
    if (between == 0) {
        close(tell[0]);
        detach(target, log, tell[1]);
    }
    close(tell[1]);
    close(log);
    pid_t daemon = -1;
    if (between > 0) {
        waitpid(between, NULL, 0); /* before the pid is read: by then it is nobody's child */
    }
    ssize_t got = between < 0 ? -1 : read(tell[0], &daemon, sizeof daemon);
    close(tell[0]);
    if (got != (ssize_t) sizeof daemon || daemon < 0) {
        return failed(error, "no process");
    }
    out->pid = daemon;
    return true;
}

bool started_is_alive(const struct started *daemon)
{
    struct proc now;
    return proc_read(daemon->pid, &now) && now.state != 'Z' && now.state != 'X';
}

void started_log_tail(const struct target *target, const struct started *daemon, struct text *json)
{
    char *path = log_path(target);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    char tail[TAIL + 1] = "";
    if (fd >= 0) {
        off_t end = lseek(fd, 0, SEEK_END);
        off_t from = end - TAIL > (off_t) daemon->log_from ? end - TAIL : (off_t) daemon->log_from;
        ssize_t length = from < end ? pread(fd, tail, TAIL, from) : 0;
        tail[length > 0 ? length : 0] = '\0';
        close(fd);
    }
    text_add(json, "[");
    const char *between = "";
    for (char *rest = tail, *line = strtok_r(rest, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        text_add(json, between);
        struct text harmless = {0};
        plain_add(&harmless, (struct slice){.at = line, .length = strlen(line)}, false);
        text_add_json(json, text_chars(&harmless));
        text_free(&harmless);
        between = ",";
    }
    text_add(json, "]");
}
