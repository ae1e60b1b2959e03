/*
 * How long an agent waits for its first answer: first_reply ROUNDS SOCKET PROGRAM [ARGUMENT ...]
 *
 * Asks `initialize`, by turns over the daemon's own socket and of the program, which is timed from the moment before its exec.
 * Prints the medians, in microseconds: of the socket, of the program, and of by how much the program took longer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char QUESTION[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                               "\"capabilities\":{},\"clientInfo\":{\"name\":\"first-reply\",\"version\":\"1\"}}}\n";

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void ask(int in, int out)
{
    char answer[65536];
    ssize_t count;
    if (write(in, QUESTION, sizeof QUESTION - 1) != (ssize_t) sizeof QUESTION - 1) {
        fail("write");
    }
    do {
        count = read(out, answer, sizeof answer);
        if (count <= 0) {
            fail("no answer");
        }
    } while (answer[count - 1] != '\n');
}

static int64_t time_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        exit(1);
    }
    memcpy(address.sun_path, path, strlen(path));
    int64_t begin = now_ns();
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *) &address, sizeof address) != 0) {
        fail(path);
    }
    ask(fd, fd);
    int64_t took = now_ns() - begin;
    close(fd);
    return took;
}

static int64_t time_program(char **command, volatile int64_t *exec_ns)
{
    int in[2], out[2];
    if (pipe(in) != 0 || pipe(out) != 0) {
        fail("pipe");
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[0]), close(in[1]), close(out[0]), close(out[1]);
        *exec_ns = now_ns();
        execv(command[0], command);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    ask(in[1], out[0]);
    int64_t took = now_ns() - *exec_ns;
    close(in[1]);
    close(out[0]);
    waitpid(child, NULL, 0);
    return took;
}

static int compare(const void *one, const void *other)
{
    int64_t a = *(const int64_t *) one, b = *(const int64_t *) other;
    return a < b ? -1 : a > b;
}

static double median_us(int64_t *values, int count)
{
    qsort(values, (size_t) count, sizeof *values, compare);
    return (double) values[count / 2] / 1e3;
}

int main(int count, char **arguments)
{
    int rounds = count > 3 ? atoi(arguments[1]) : 0;
    if (rounds < 1) {
        return 2;
    }
    volatile int64_t *exec_ns = mmap(NULL, sizeof *exec_ns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t *socket_ns = calloc((size_t) rounds, sizeof *socket_ns), *program_ns = calloc((size_t) rounds, sizeof *program_ns);
    int64_t *more_ns = calloc((size_t) rounds, sizeof *more_ns);
    if (exec_ns == MAP_FAILED || socket_ns == NULL || program_ns == NULL || more_ns == NULL) {
        fail("memory");
    }
    for (int i = 0; i < rounds; i++) {
        socket_ns[i] = time_socket(arguments[2]);
        program_ns[i] = time_program(arguments + 3, exec_ns);
        more_ns[i] = program_ns[i] - socket_ns[i];
    }
    printf("%.0f %.0f %.0f\n", median_us(socket_ns, rounds), median_us(program_ns, rounds), median_us(more_ns, rounds));
    return 0;
}
