/*
 * What a guard has to end: sh (the test's) -> this -> a child, a child in a session of its own, an orphan by double
 * fork, and one that is both. Says on stdout who they are, one "ROLE PID" a line, then "ready"; then does what stdin
 * says: "exit N", "crash", "stop" (SIGSTOP to itself), "fork N" (N more children), "hop" (an orphan that forks and
 * ends, over and over), and at EOF it ends, unless it is deaf.
 *
 *   --proof     nobody in the tree minds SIGTERM
 *   --deaf      EOF is not minded either
 *   --closing   the four close what they inherited, as Python's subprocess does for the programs it starts
 *   --census D  everybody leaves a file PID in directory D; whoever is alive in there before this tree starts is
 *               named on stdout as "breach PID"
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool deaf;
static bool closing;
static const char *census;

static void sign_census(void)
{
    if (census == NULL) {
        return;
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/%ld", census, (long) getpid());
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (fd >= 0) {
        close(fd);
    }
}

static bool is_living(long pid)
{
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *rest = strrchr(text, ')');
    return rest != NULL && rest[2] != 'Z' && rest[2] != 'X';
}

static void read_census(void)
{
    DIR *directory = census == NULL ? NULL : opendir(census);
    struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (pid > 0 && is_living(pid)) {
            printf("breach %ld\n", pid);
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
    fflush(stdout);
}

/* The guard's locks are among what is closed; stdout too, so that the test's reader is not kept waiting by a leaf. */
static void close_inherited(void)
{
    for (int fd = 3; fd < 1024; fd++) {
        close(fd);
    }
}

static void live_on(const char *role, int told)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%s %ld\n", role, (long) getpid());
    sign_census();
    ssize_t written = write(told, line, (size_t) length);
    (void) written;
    close(told);
    if (closing) {
        close_inherited();
        /* As a program that was started: its environment is its own copy by now, the guard's mark included. */
        execl("/bin/sleep", "sleep", "1000", (char *) NULL);
    }
    for (;;) {
        pause();
    }
}

static void start(const char *role, bool session, bool orphan, int told)
{
    pid_t pid = fork();
    if (pid != 0) {
        if (orphan) {
            waitpid(pid, NULL, 0);
        }
        return;
    }
    if (session) {
        setsid();
    }
    if (!orphan || fork() == 0) {
        live_on(role, told);
    }
    _exit(0);
}

static void hop(void)
{
    if (fork() == 0) {
        for (;;) {
            if (fork() != 0) {
                _exit(0);
            }
        }
    }
}

static void obey(const char *command)
{
    if (strncmp(command, "exit ", 5) == 0) {
        _exit(atoi(command + 5));
    } else if (strcmp(command, "crash\n") == 0) {
        signal(SIGSEGV, SIG_DFL);
        raise(SIGSEGV);
    } else if (strcmp(command, "stop\n") == 0) {
        raise(SIGSTOP);
    } else if (strcmp(command, "hop\n") == 0) {
        hop();
    } else if (strncmp(command, "fork ", 5) == 0) {
        for (int left = atoi(command + 5); left > 0; left--) {
            if (fork() == 0) {
                for (;;) {
                    pause();
                }
            }
        }
        puts("forked");
        fflush(stdout);
    }
}

static void read_options(char **arguments)
{
    for (char **next = arguments + 1; *next != NULL; next++) {
        if (strcmp(*next, "--proof") == 0) {
            signal(SIGTERM, SIG_IGN);
        } else if (strcmp(*next, "--deaf") == 0) {
            deaf = true;
        } else if (strcmp(*next, "--closing") == 0) {
            closing = true;
        } else if (strcmp(*next, "--census") == 0 && next[1] != NULL) {
            census = *++next;
        } else {
            fprintf(stderr, "tree: %s?\n", *next);
            exit(2);
        }
    }
}

static void tell(int told)
{
    char line[256];
    FILE *lines = fdopen(told, "r");
    printf("shell %ld\nprocess %ld\n", (long) getppid(), (long) getpid());
    for (int left = 4; left > 0 && fgets(line, sizeof line, lines) != NULL; left--) {
        fputs(line, stdout);
    }
    puts("ready");
    fflush(stdout);
    fclose(lines);
}

int main(int count, char **arguments)
{
    (void) count;
    int told[2];
    read_options(arguments);
    read_census();
    sign_census();
    if (pipe(told) != 0) {
        return 1;
    }
    start("child", false, false, told[1]);
    start("session", true, false, told[1]);
    start("orphan", false, true, told[1]);
    start("both", true, true, told[1]);
    close(told[1]);
    tell(told[0]);
    char command[256];
    while (fgets(command, sizeof command, stdin) != NULL) {
        obey(command);
    }
    while (deaf) {
        pause();
    }
    return 0;
}
