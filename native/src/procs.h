/*
 * What the kernel tells of processes. A process is named by its pid *and* its start time, so that a pid which was given
 * to somebody else meanwhile is never taken for the old one.
 */
#ifndef MPX_PROCS_H
#define MPX_PROCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct proc {
    pid_t pid;
    pid_t parent;
    uint64_t start; /* Linux: clock ticks since boot, field 22 of /proc/PID/stat; macOS: microseconds since 1970 */
    char state;     /* as ps shows it; 'Z' is dead and waits to be reaped */
};

/* A growing list. A zeroed one is empty. */
struct procs {
    struct proc *all;
    size_t count;
    size_t room;
};

bool procs_add(struct procs *list, const struct proc *one);
bool procs_has(const struct procs *list, const struct proc *one);
void procs_free(struct procs *list);

/* Every process in sight, sorted by pid. */
bool procs_read(struct procs *list);

/* The one with this pid in a list sorted by pid, else NULL. */
const struct proc *procs_find(const struct procs *sorted, pid_t pid);

/*
 * Those of `sorted` that are among `roots`, or that descend from one of them. Both sorted by pid; `out` is then sorted.
 */
bool procs_with_descendants(const struct procs *sorted, const struct procs *roots, struct procs *out);

/* SIGTERM, and SIGCONT so that a stopped process hears of it, once to each of `list` that is not yet in `told`. */
size_t procs_terminate(const struct procs *list, struct procs *told);

/* SIGKILL to each. */
void procs_kill(const struct procs *list);

/* From here on: one implementation a system (procs_linux.c, procs_macos.c). */

/* False when there is no such process, or it can't be seen. */
bool proc_read(pid_t pid, struct proc *out);

/* The pids in sight, in any order: calls `each` for every one until it returns false. */
bool proc_each(bool (*each)(pid_t pid, void *context), void *context);

/* To exactly this process: nothing happens when its pid belongs to another by now. */
void proc_signal(const struct proc *one, int signal);

/*
 * Its command line, cut to fit; its short name in brackets where there is none. Reading a command line needs the memory
 * of that process: don't ask it of one that may be stuck in the kernel, or this one will be stuck as well.
 */
void proc_command(pid_t pid, char *out, size_t room);

/* Its short name, which is safe to ask for. */
void proc_short_name(pid_t pid, char *out, size_t room);

/* What it waits for in the kernel; "?" if unknown. */
void proc_waits_on(pid_t pid, char *out, size_t room);

/* When it started; 0 if unknown. */
time_t proc_since(const struct proc *one);

/* Names this run of this kernel; "unknown" where the system has no name for it. */
void boot_id(char *out, size_t room);

#endif
