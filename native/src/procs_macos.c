#include "procs.h"

#if defined(__APPLE__)

#include <libproc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysctl.h>
#include <unistd.h>

bool proc_read(pid_t pid, struct proc *out)
{
    struct proc_bsdinfo info;
    if (proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) != (int) sizeof info) {
        return false;
    }
    *out = (struct proc){
        .pid = pid,
        .parent = (pid_t) info.pbi_ppid,
        .start = (uint64_t) info.pbi_start_tvsec * 1000000 + info.pbi_start_tvusec,
        .state = info.pbi_status == 5 /* SZOMB */ ? 'Z' : info.pbi_status == 4 /* SSTOP */ ? 'T' : 'R',
    };
    return true;
}

bool proc_each(bool (*each)(pid_t pid, void *context), void *context)
{
    int room = proc_listallpids(NULL, 0) + 64;
    pid_t *pids = calloc((size_t) room, sizeof *pids);
    if (pids == NULL) {
        return false;
    }
    int count = proc_listallpids(pids, room * (int) sizeof *pids);
    bool going = count > 0;
    for (int i = 0; i < count && going; i++) {
        going = each(pids[i], context);
    }
    free(pids);
    return going;
}

/* No pidfd here: a pid would have to be given to another between the look and the signal. */
void proc_signal(const struct proc *one, int signal)
{
    struct proc now;
    if (proc_read(one->pid, &now) && now.start == one->start) {
        kill(one->pid, signal);
    }
}

void proc_command(pid_t pid, char *out, size_t room)
{
    char path[PROC_PIDPATHINFO_MAXSIZE];
    snprintf(out, room, "%s", proc_pidpath(pid, path, sizeof path) > 0 ? path : "?");
}

void proc_short_name(pid_t pid, char *out, size_t room)
{
    struct proc_bsdinfo info;
    bool there = proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) == (int) sizeof info;
    snprintf(out, room, "%s", there ? info.pbi_comm : "?");
}

void proc_waits_on(pid_t pid, char *out, size_t room)
{
    (void) pid;
    snprintf(out, room, "?");
}

time_t proc_since(const struct proc *one)
{
    return (time_t) (one->start / 1000000);
}

void boot_id(char *out, size_t room)
{
    size_t length = room;
    if (sysctlbyname("kern.bootsessionuuid", out, &length, NULL, 0) != 0) {
        snprintf(out, room, "unknown");
    }
}

#endif
