#include "job_log.h"

#include "target.h"
#include "text.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* One that has grown beyond the first is begun anew by the next job, beyond the second by the job that runs. */
#define LARGEST (1 << 20)
#define LARGEST_OF_ONE (8 << 20)
#define LOOK_MS 5000

static bool is_stderr;
static int64_t due = INT64_MAX;
static time_t began;

int job_log_open(const char *home)
{
    char *logs = path_in(home, "logs");
    char *path = path_in(logs, "jobs.log");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct stat file;
    if (fd >= 0 && fstat(fd, &file) == 0 && file.st_size > LARGEST && ftruncate(fd, 0) != 0) {
        close(fd);
        fd = -1;
    }
    free(path);
    free(logs);
    return fd;
}

void job_log_is_stderr(void)
{
    is_stderr = true;
    due = 0;
}

int64_t job_log_due(void)
{
    return due;
}

/* All who write there append, so that nothing but what was said before is lost. */
void job_log_keep_small(int64_t now)
{
    struct stat file;
    if (now < due) {
        return;
    }
    due = now + LOOK_MS;
    if (fstat(STDERR_FILENO, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > LARGEST_OF_ONE) {
        int ignored = ftruncate(STDERR_FILENO, 0);
        (void) ignored;
    }
}

static void write_line(struct text *line)
{
    text_add(line, "\n");
    ssize_t written = write(STDERR_FILENO, line->bytes, line->length); /* at once: others write there too */
    (void) written;
    text_free(line);
}

static void begin_line(struct text *line, long long job)
{
    char clock[32] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL) {
        strftime(clock, sizeof clock, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    text_format(line, "%s job %lld ", clock, job);
}

void job_log_begins(char *const *command, long long job)
{
    struct text line = {0};
    began = time(NULL);
    if (!is_stderr) {
        return;
    }
    begin_line(&line, job);
    text_add(&line, "begins:");
    for (char *const *word = command; *word != NULL; word++) {
        text_format(&line, " %s", *word);
    }
    write_line(&line);
}

void job_log_ends(long long job, int status)
{
    struct text line = {0};
    if (!is_stderr) {
        return;
    }
    begin_line(&line, job);
    text_format(&line, "ends after %lld s with status %d", (long long) (time(NULL) - began), status);
    write_line(&line);
}
