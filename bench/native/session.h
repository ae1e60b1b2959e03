/* One agent: a process of the way that is measured, the calls it has made of it, and what it has read. */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include "samples.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What is asked in each call. */
struct load {
    unsigned window; /* calls on their way at once */
    unsigned long size; /* bytes of the result's text */
    unsigned long work; /* microseconds that the child works for it */
};

struct slot {
    uint64_t id;
    uint64_t sent_ns; /* 0: no call on its way */
};

struct session {
    unsigned number;
    pid_t pid;
    int in;
    int out;
    char *buffer;
    size_t length;
    size_t looked; /* of these no byte is a newline */
    size_t room;
    struct load load;
    struct slot *slots;
    uint64_t turn;
    unsigned on_their_way;
    struct samples samples;
};

/* When the clock said so, in nanoseconds. */
uint64_t now_ns(void);

/* Ends the benchmark as broken, with that sentence and as much of a line as helps. */
_Noreturn void broken(const char *what, const char *line, size_t length);

/* Starts the command; `%n` in its words is the session's number. */
void session_start(struct session *session, unsigned number, char **command);

/* The handshake in two steps, so that many sessions can go through it at once. */
void session_ask_initialize(struct session *session);
void session_await_initialize(struct session *session);

/* Makes the calls that this load has on their way. */
void session_load(struct session *session, struct load load);

/* Makes so many calls, or fewer if the window is full. */
void session_call(struct session *session, unsigned calls);

/* Reads once, checks each answer that is complete, notes how long it took if it is to be noted, and says how many they were. */
unsigned session_read(struct session *session, bool noted);

/* Reads at most so many bytes and looks at none but for newlines: one that is slow. @return lines ended, or -1 for nothing there */
int session_nibble(struct session *session, size_t most);

/* Reads until no call is on its way. @return answers read */
unsigned session_settle(struct session *session);

/* Ends its input. */
void session_end(struct session *session);

/* Waits for its process, and kills it if that takes more than the time given. */
void session_reap(struct session *session, uint64_t until_ns);

#endif
