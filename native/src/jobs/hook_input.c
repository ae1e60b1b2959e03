#include "hook_input.h"

#include "blank.h"
#include "json.h"
#include "steady.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST ((size_t) 1 << 20)
#define LIMIT_MS 2000

/* Some agents leave it open behind what they have to say. */
static bool is_whole(const struct text *input)
{
    struct slice message;
    struct slice said = blank_strip_end((struct slice){.at = text_chars(input), .length = input->length});
    return said.length > 0 && said.at[said.length - 1] == '}' && json_read(said, &message);
}

void hook_input_read(struct text *out)
{
    int64_t end = steady_ms() + LIMIT_MS;
    char chunk[16384];
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    *out = (struct text){0};
    while (!isatty(STDIN_FILENO) && out->length < MOST && !is_whole(out)) {
        if (poll(&input, 1, steady_left(end)) == 0) {
            return;
        }
        ssize_t got = read(STDIN_FILENO, chunk, sizeof chunk < MOST - out->length ? sizeof chunk : MOST - out->length);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
            return;
        }
        if (got > 0) {
            text_add_bytes(out, chunk, (size_t) got);
        }
    }
}

char *hook_input_session(const struct text *input)
{
    struct slice message;
    return json_read((struct slice){.at = text_chars(input), .length = input->length}, &message)
               ? json_member_text(message, "session_id")
               : NULL;
}

static bool write_all(int fd, const struct text *input)
{
    size_t done = 0;
    while (done < input->length) {
        ssize_t written = write(fd, input->bytes + done, input->length - done);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        done += written > 0 ? (size_t) written : 0;
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

int hook_input_file(const struct text *input, const char *home)
{
    char *path = path_in(home, "hook-XXXXXX");
    int fd = mkstemp(path); /* mode 0600 */
    if (fd >= 0) {
        unlink(path);
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (!write_all(fd, input)) {
            int cause = errno;
            close(fd);
            fd = -1;
            errno = cause;
        }
    }
    free(path);
    return fd;
}
