#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_LINE 65536

static bool read_all(int fd, size_t most, struct text *out)
{
    char chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return false;
        }
        if (out->length + (size_t) got > most) {
            errno = EFBIG;
            return false;
        }
        text_add_bytes(out, chunk, (size_t) got);
    }
}

bool file_read(const char *path, size_t most, struct text *out)
{
    *out = (struct text){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool whole = read_all(fd, most, out);
    int why = errno;
    close(fd);
    errno = why;
    return whole;
}

bool file_is_regular(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

bool file_is_directory(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && S_ISDIR(file.st_mode);
}

bool file_is_executable(const char *path)
{
    return file_is_regular(path) && access(path, X_OK) == 0;
}

char *file_first_line(const char *path)
{
    struct text text;
    char *line = NULL;
    if (file_read(path, LONGEST_LINE, &text)) {
        const char *bytes = text_chars(&text);
        line = slice_copy((struct slice){.at = bytes, .length = strcspn(bytes, "\n")});
    }
    text_free(&text);
    return line;
}
