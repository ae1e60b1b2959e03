#include "procs.h"

#if defined(__linux__)

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As much of a small file as fits, as a string; false when there is none. */
static bool read_text(const char *path, char *out, size_t room)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t length = read(fd, out, room - 1);
    close(fd);
    out[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static bool read_of(pid_t pid, const char *what, char *out, size_t room)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", (long) pid, what);
    return read_text(path, out, room);
}

bool proc_read(pid_t pid, struct proc *out)
{
    char text[1024];
    if (!read_of(pid, "stat", text, sizeof text)) {
        return false;
    }
    /* The name, in parentheses, may hold spaces and parentheses itself: what follows the last one counts. */
    const char *rest = strrchr(text, ')');
    long parent = 0;
    unsigned long long start = 0;
    char state = '?';
    if (rest == NULL
        || sscanf(rest + 1, " %c %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
                  &state, &parent, &start) != 3) {
        return false;
    }
    *out = (struct proc){.pid = pid, .parent = (pid_t) parent, .start = start, .state = state};
    return true;
}

bool proc_each(bool (*each)(pid_t pid, void *context), void *context)
{
    DIR *directory = opendir("/proc");
    if (directory == NULL) {
        return false;
    }
    bool going = true;
    struct dirent *entry;
    while (going && (entry = readdir(directory)) != NULL) {
        if (isdigit((unsigned char) entry->d_name[0])) {
            going = each((pid_t) strtol(entry->d_name, NULL, 10), context);
        }
    }
    closedir(directory);
    return going;
}

static bool still_there(const struct proc *one)
{
    struct proc now;
    return proc_read(one->pid, &now) && now.start == one->start;
}

void proc_signal(const struct proc *one, int signal)
{
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_send_signal)
    int fd = (int) syscall(SYS_pidfd_open, one->pid, 0);
    if (fd >= 0) {
        /* The start time is read after the opening, so what was opened is what was meant. */
        if (still_there(one)) {
            syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
        }
        close(fd);
        return;
    }
    if (errno == ESRCH) {
        return;
    }
#endif
    /* Kernels before 5.3: a pid would have to be given to another between these two lines. */
    if (still_there(one)) {
        kill(one->pid, signal);
    }
}

void proc_command(pid_t pid, char *out, size_t room)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/cmdline", (long) pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, out, room - 1);
    if (fd >= 0) {
        close(fd);
    }
    while (length > 0 && out[length - 1] == '\0') {
        length--;
    }
    if (length <= 0) {
        char name[64];
        proc_short_name(pid, name, sizeof name);
        snprintf(out, room, "[%s]", name);
        return;
    }
    for (ssize_t i = 0; i < length; i++) {
        out[i] = out[i] == '\0' ? ' ' : out[i];
    }
    out[length] = '\0';
}

static void first_line_of(pid_t pid, const char *what, char *out, size_t room)
{
    if (!read_of(pid, what, out, room) || strcmp(out, "0") == 0) {
        snprintf(out, room, "?");
    }
    out[strcspn(out, "\n")] = '\0';
}

void proc_short_name(pid_t pid, char *out, size_t room)
{
    first_line_of(pid, "comm", out, room);
}

void proc_waits_on(pid_t pid, char *out, size_t room)
{
    first_line_of(pid, "wchan", out, room);
}

time_t proc_since(const struct proc *one)
{
    char text[128];
    double uptime;
    long ticks = sysconf(_SC_CLK_TCK);
    if (ticks <= 0 || !read_text("/proc/uptime", text, sizeof text) || sscanf(text, "%lf", &uptime) != 1) {
        return 0;
    }
    return time(NULL) - (time_t) (uptime - (double) one->start / (double) ticks);
}

void boot_id(char *out, size_t room)
{
    if (!read_text("/proc/sys/kernel/random/boot_id", out, room)) {
        snprintf(out, room, "unknown");
    }
    out[strcspn(out, "\n")] = '\0';
}

#endif
