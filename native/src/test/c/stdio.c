/*
 * stdio sockets|socket|nonblocking COMMAND ARGS...: runs COMMAND with other things than blocking pipes as its stdin and stdout,
 * as some agents do, and passes on what is on this program's own. Exits with COMMAND's status.
 *   sockets: a UNIX socket for each (node); socket: one for both; nonblocking: pipes that do not block
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct ends {
    int mine;
    int theirs;
};

static struct ends of_sockets(void)
{
    int two[2] = {-1, -1};
    socketpair(AF_UNIX, SOCK_STREAM, 0, two);
    return (struct ends){.mine = two[0], .theirs = two[1]};
}

static struct ends of_pipe(int theirs)
{
    int two[2] = {-1, -1};
    if (pipe(two) == 0) {
        fcntl(two[theirs], F_SETFL, O_NONBLOCK);
    }
    return (struct ends){.mine = two[1 - theirs], .theirs = two[theirs]};
}

static void copy(int from, int to)
{
    static char bytes[64 << 10];
    ssize_t got;
    while ((got = read(from, bytes, sizeof bytes)) > 0) {
        for (ssize_t at = 0, written; at < got; at += written) {
            written = write(to, bytes + at, (size_t) (got - at));
            if (written < 0) {
                return;
            }
        }
    }
}

/* In a process of its own, so that neither direction waits for the other. */
static pid_t feed(int to, int keep_not)
{
    pid_t feeder = fork();
    if (feeder == 0) {
        if (keep_not != to) {
            close(keep_not);
        }
        copy(STDIN_FILENO, to);
        shutdown(to, SHUT_WR);
        _exit(0);
    }
    return feeder;
}

int main(int count, char **arguments)
{
    if (count < 3) {
        return 2;
    }
    int sockets = strcmp(arguments[1], "nonblocking") != 0;
    struct ends in = sockets ? of_sockets() : of_pipe(0);
    struct ends out = strcmp(arguments[1], "socket") == 0 ? in : sockets ? of_sockets() : of_pipe(1);
    pid_t command = fork();
    if (command == 0) {
        dup2(in.theirs, STDIN_FILENO);
        dup2(out.theirs, STDOUT_FILENO);
        for (int fd = 3; fd < 16; fd++) {
            close(fd);
        }
        execvp(arguments[2], arguments + 2);
        perror(arguments[2]);
        _exit(127);
    }
    close(in.theirs);
    if (out.theirs != in.theirs) {
        close(out.theirs);
    }
    pid_t feeder = feed(in.mine, out.mine);
    if (in.mine != out.mine) {
        close(in.mine);
    }
    copy(out.mine, STDOUT_FILENO);
    int status = 0;
    waitpid(command, &status, 0);
    kill(feeder, SIGKILL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
