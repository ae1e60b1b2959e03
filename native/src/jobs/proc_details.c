#include "proc_details.h"

#if defined(__linux__)

#include "file.h"
#include "target.h"
#include "text.h"
#include "words.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The kernel's own limit for all words together is 6 MiB (a quarter of the largest stack it counts with). */
#define LARGEST (8u << 20)

static void name_file(char *path, size_t room, pid_t pid, const char *what)
{
    snprintf(path, room, "/proc/%ld/%s", (long) pid, what);
}

bool proc_is_of_this_user(pid_t pid)
{
    char path[64];
    struct stat process;
    name_file(path, sizeof path, pid, "stat");
    return stat(path, &process) == 0 && process.st_uid == geteuid();
}

/* Of texts that each end with a zero byte. */
static char **split(const char *bytes, size_t length)
{
    struct word_list words = {0};
    for (size_t at = 0; at < length; at += strlen(bytes + at) + 1) {
        word_list_add(&words, bytes + at);
    }
    return word_list_end(&words);
}

static char **read_texts(pid_t pid, const char *what)
{
    char path[64];
    struct text text;
    name_file(path, sizeof path, pid, what);
    char **words = file_read(path, LARGEST, &text) && text.length > 0 ? split(text.bytes, text.length) : NULL;
    text_free(&text);
    return words;
}

char **proc_words(pid_t pid)
{
    return read_texts(pid, "cmdline");
}

char **proc_variables(pid_t pid)
{
    return read_texts(pid, "environ");
}

char *proc_directory(pid_t pid)
{
    char path[64];
    char directory[PATH_MAX];
    name_file(path, sizeof path, pid, "cwd");
    ssize_t length = readlink(path, directory, sizeof directory);
    return length > 0 && (size_t) length < sizeof directory ? slice_copy((struct slice){.at = directory, .length = (size_t) length}) : NULL;
}

char *lock_key_of(const char *home)
{
    struct stat file;
    struct text key = {0};
    char *path = path_in(home, "child.lock");
    if (stat(path, &file) == 0) {
        text_format(&key, "|%02x:%02x:%llu|", major(file.st_dev), minor(file.st_dev), (unsigned long long) file.st_ino);
    }
    free(path);
    return key.length > 0 ? text_take(&key) : NULL;
}

#else

#include <stddef.h>

bool proc_is_of_this_user(pid_t pid)
{
    (void) pid;
    return false;
}

char **proc_words(pid_t pid)
{
    (void) pid;
    return NULL;
}

char **proc_variables(pid_t pid)
{
    (void) pid;
    return NULL;
}

char *proc_directory(pid_t pid)
{
    (void) pid;
    return NULL;
}

char *lock_key_of(const char *home)
{
    (void) home;
    return NULL;
}

#endif
