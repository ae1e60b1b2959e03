/*
 * Asks the kernel, independently of the guard, whether somebody has a lock on the first byte of a file (the claim) and
 * on the rest (the tree): "probe FILE" prints "claim=free|held tree=free|held". "probe --open FILE" only keeps it open,
 * and "probe --lock FILE" takes a lock of its own kind on all of it; both say "ready" and end at EOF.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *state(int fd, off_t start, off_t length)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    if (fcntl(fd, F_GETLK, &range) != 0) {
        return "unknown";
    }
    return range.l_type == F_UNLCK ? "free" : "held";
}

static int wait_for_eof(void)
{
    char byte;
    puts("ready");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    return 0;
}

int main(int count, char **arguments)
{
    if (count < 2) {
        return 2;
    }
    int fd = open(arguments[count - 1], O_RDWR);
    if (fd < 0) {
        perror("probe");
        return 1;
    }
    if (strcmp(arguments[1], "--open") == 0) {
        return wait_for_eof();
    }
    if (strcmp(arguments[1], "--lock") == 0) {
        struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        return fcntl(fd, F_OFD_SETLK, &all) == 0 ? wait_for_eof() : 1;
    }
    printf("claim=%s tree=%s\n", state(fd, 0, 1), state(fd, 1, 0));
    return 0;
}
