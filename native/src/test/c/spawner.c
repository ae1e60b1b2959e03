/*
 * A parent for the guard that is not a JVM: "spawner COMMAND ARGS..." runs the command with a pipe to its stdin, says
 * "spawned PID", hands on what it reads, and ends at "leave" without a word to the other.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    int input[2];
    if (count < 2 || pipe(input) != 0) {
        return 2;
    }
    pid_t pid = fork();
    if (pid == 0) {
        dup2(input[0], STDIN_FILENO);
        close(input[0]);
        close(input[1]);
        execv(arguments[1], arguments + 1);
        _exit(127);
    }
    close(input[0]);
    printf("spawned %ld\n", (long) pid);
    fflush(stdout);
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "leave\n") != 0) {
        ssize_t written = write(input[1], line, strlen(line));
        (void) written;
    }
    return 0;
}
