#include "record.h"

#include "procs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RECORD_BYTES 160

static const char *const state_names[] = {[RECORD_RUNNING] = "running", [RECORD_ENDING] = "ending", [RECORD_ENDED] = "ended"};

static enum record_state state_named(const char *name)
{
    for (int state = RECORD_ENDED; state > RECORD_RUNNING; state--) {
        if (strcmp(name, state_names[state]) == 0) {
            return (enum record_state) state;
        }
    }
    return RECORD_RUNNING;
}

bool record_read(int fd, struct record *out)
{
    char text[RECORD_BYTES + 1];
    ssize_t length = pread(fd, text, RECORD_BYTES, 0);
    if (length <= 0) {
        return false;
    }
    text[length] = '\0';
    long pid;
    unsigned long long start;
    char state[16];
    *out = (struct record){0};
    if (sscanf(text, "pid=%ld start=%llu boot=%63s state=%15s", &pid, &start, out->boot, state) != 4) {
        return false;
    }
    out->pid = (pid_t) pid;
    out->start = start;
    out->state = state_named(state);
    return true;
}

bool record_write(int fd, const struct record *record)
{
    char text[RECORD_BYTES + 1];
    int length = snprintf(text, sizeof text, "pid=%ld start=%llu boot=%s state=%s", (long) record->pid,
                          (unsigned long long) record->start, record->boot, state_names[record->state]);
    if (length < 0 || length >= RECORD_BYTES) {
        return false;
    }
    memset(text + length, ' ', RECORD_BYTES - (size_t) length);
    text[RECORD_BYTES - 1] = '\n';
    return pwrite(fd, text, RECORD_BYTES, 0) == RECORD_BYTES;
}

bool record_is_of_living(const struct record *record)
{
    char boot[64];
    struct proc one;
    boot_id(boot, sizeof boot);
    return strcmp(boot, record->boot) == 0 && proc_read(record->pid, &one) && one.start == record->start
           && one.state != 'Z';
}
