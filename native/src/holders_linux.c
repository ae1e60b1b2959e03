#include "holders.h"

#if defined(__linux__)

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct search {
    const struct lockfile *file;
    int byte;
    struct procs *found;
    bool (*matches)(const struct search *search, pid_t pid);
};

/* One line of fdinfo: "lock:	1: OFDLCK ADVISORY  WRITE -1 fe:00:9979601 1 EOF". Other kinds are not inherited. */
static bool line_tells_lock(const struct search *search, const char *line)
{
    char kind[16];
    char key[64];
    long long first;
    char last[24];
    if (sscanf(line, "lock: %*d: %15s %*s %*s %*s %63s %lld %23s", kind, key, &first, last) != 4
        || strcmp(key, search->file->key) != 0) {
        return false;
    }
    if (strcmp(kind, "FLOCK") == 0) {
        return true;
    }
    return strcmp(kind, "OFDLCK") == 0 && first <= search->byte
           && (strcmp(last, "EOF") == 0 || strtoll(last, NULL, 10) >= search->byte);
}

static bool descriptor_holds(const struct search *search, int directory, const char *name)
{
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    char text[4096]; /* the locks come before anything that may be long */
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length > 0 ? length : 0] = '\0';
    for (const char *line = strstr(text, "lock:"); line != NULL; line = strstr(line + 1, "lock:")) {
        if (line_tells_lock(search, line)) {
            return true;
        }
    }
    return false;
}

static bool has_descriptor(const struct search *search, pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/fdinfo", (long) pid);
    DIR *directory = opendir(path);
    bool found = false;
    struct dirent *entry;
    while (directory != NULL && !found && (entry = readdir(directory)) != NULL) {
        found = isdigit((unsigned char) entry->d_name[0]) && descriptor_holds(search, dirfd(directory), entry->d_name);
    }
    if (directory != NULL) {
        closedir(directory);
    }
    return found;
}

/* Whether "NAME=…|KEY|…" is among the NUL-ended strings of an open file, read piece by piece. */
static bool environment_names(int fd, const char *name, const char *key)
{
    char piece[4096];
    char entry[1024];
    size_t length = 0;
    ssize_t count;
    while ((count = read(fd, piece, sizeof piece)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            if (length < sizeof entry - 1) {
                entry[length++] = piece[i];
            }
            if (piece[i] != '\0') {
                continue;
            }
            entry[sizeof entry - 1] = '\0';
            size_t start = strlen(name);
            if (strncmp(entry, name, start) == 0 && entry[start] == '=' && strstr(entry + start, key) != NULL) {
                return true;
            }
            length = 0;
        }
    }
    return false;
}

static bool has_environment(const struct search *search, pid_t pid)
{
    char path[64];
    char key[72];
    snprintf(path, sizeof path, "/proc/%ld/environ", (long) pid);
    snprintf(key, sizeof key, "|%s|", search->file->key);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool found = environment_names(fd, GUARDED_VARIABLE, key);
    close(fd);
    return found;
}

static bool add_if_matching(pid_t pid, void *context)
{
    struct search *search = context;
    struct proc one;
    if (pid == getpid() || !search->matches(search, pid) || !proc_read(pid, &one) || one.state == 'Z') {
        return true;
    }
    return procs_add(search->found, &one);
}

bool holders_by_descriptor(const struct lockfile *file, int byte, struct procs *out)
{
    struct search search = {.file = file, .byte = byte, .found = out, .matches = has_descriptor};
    return proc_each(add_if_matching, &search);
}

bool holders_by_environment(const struct lockfile *file, struct procs *out)
{
    struct search search = {.file = file, .found = out, .matches = has_environment};
    return proc_each(add_if_matching, &search);
}

#endif
