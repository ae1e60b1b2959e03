#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A day. Nobody waits longer for a tree to end, and no sum of times can overflow. */
#define LONGEST_MS 86400000L

static bool usage(void)
{
    fputs("usage: mpx guard [--job N] [--stay] [--lock FILE]... [--parent PID] [--eof-ms 10000] [--term-ms 3000] [--wait-ms 0]"
          " [--limit-ms 0] [--tell FD] [--streams NAME] -- COMMAND ARGS...\n",
          stderr);
    return false;
}

static bool read_number(const char *text, long least, long most, long *out)
{
    char *end;
    errno = 0;
    *out = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *out >= least && *out <= most;
}

static bool read_ms(const char *text, int64_t *out)
{
    long number = 0;
    bool good = read_number(text, 0, LONGEST_MS, &number);
    *out = number;
    return good;
}

/* Of those that have a value. */
static bool read_option(struct options *out, const char *name, char *value)
{
    long number = 0;
    if (strcmp(name, "--lock") == 0) {
        out->locks[out->lock_count++] = value;
        return *value != '\0';
    }
    if (strcmp(name, "--parent") == 0) {
        bool good = read_number(value, 1, 0x7fffffffL, &number);
        out->parent = (pid_t) number;
        return good;
    }
    if (strcmp(name, "--job") == 0) {
        return read_number(value, 0, 0x7fffffffL, &number); /* for whoever reads this command line: lent.h */
    }
    if (strcmp(name, "--tell") == 0) {
        bool good = read_number(value, STDERR_FILENO + 1, 0x7fffffffL, &number);
        out->tell = (int) number;
        return good;
    }
    if (strcmp(name, "--streams") == 0) {
        out->streams = value;
        return *value != '\0';
    }
    return strcmp(name, "--eof-ms") == 0     ? read_ms(value, &out->eof_ms)
           : strcmp(name, "--term-ms") == 0  ? read_ms(value, &out->term_ms)
           : strcmp(name, "--wait-ms") == 0  ? read_ms(value, &out->wait_ms)
           : strcmp(name, "--limit-ms") == 0 ? read_ms(value, &out->limit_ms)
                                             : false;
}

bool options_read(struct options *out, int count, char **arguments)
{
    *out = (struct options){.eof_ms = 10000, .term_ms = 3000, .tell = -1};
    out->locks = calloc((size_t) count + 1, sizeof *out->locks);
    if (out->locks == NULL) {
        return usage();
    }
    int next = 1;
    while (next < count && strcmp(arguments[next], "--") != 0) {
        if (strcmp(arguments[next], "--stay") == 0) {
            out->stay = true;
            next++;
            continue;
        }
        if (next + 1 >= count || !read_option(out, arguments[next], arguments[next + 1])) {
            free(out->locks);
            return usage();
        }
        next += 2;
    }
    if (next + 1 >= count) {
        free(out->locks);
        return usage();
    }
    out->command = &arguments[next + 1];
    return true;
}
