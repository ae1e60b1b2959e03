#include "ssh_place.h"

#include "blank.h"
#include "file.h"
#include "hash.h"
#include "mount.h"
#include "path.h"
#include "steady.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ssh(1) listens at first at a name that is 17 bytes longer, and macOS takes 103 bytes. */
#define LONGEST_CONTROL 86
#define LOCK_LOOK_MS 10

static const char *const notes[] = {"looked", "by-command"}; /* by enum ssh_note */

/* Below XDG_RUNTIME_DIR where that is a directory of this machine's own, else below /tmp/mpx-UID. */
static char *runtime_directory(void)
{
    const char *named = getenv("XDG_RUNTIME_DIR");
    if (named != NULL && *named == '/' && !blank_is(named) && file_is_directory(named)) {
        char *real = path_real(named);
        char *directory = path_in(real, "mpx");
        bool fits = strlen(directory) + sizeof "/ssh-0123456789abcdef/control" <= LONGEST_CONTROL && !mount_is_shared(real);
        free(real);
        if (fits) {
            return directory;
        }
        free(directory);
    }
    struct text directory = {0};
    text_format(&directory, "/tmp/mpx-%ld", (long) geteuid());
    return text_take(&directory);
}

bool ssh_place_prepare(struct ssh_place *out, const struct endpoint *endpoint, char **error)
{
    *out = (struct ssh_place){.lock = -1};
    char *above = runtime_directory();
    char *where = endpoint_text(endpoint);
    struct text name = {0};
    text_format(&name, "ssh-%016llx", hash_of(slice_of(where)));
    out->directory = path_in(above, text_chars(&name));
    out->control = path_in(out->directory, "control");
    out->door = path_in(out->directory, "guest.sock");
    bool good = private_directory(above, error) && private_directory(out->directory, error);
    text_free(&name);
    free(where);
    free(above);
    return good;
}

void ssh_place_free(struct ssh_place *place)
{
    ssh_place_unlock(place);
    free(place->directory);
    free(place->control);
    free(place->door);
    *place = (struct ssh_place){.lock = -1};
}

bool ssh_place_lock(struct ssh_place *place, int wanted, int64_t end_ms)
{
    char *path = path_in(place->directory, "lock");
    place->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    bool locked = false;
    bool unwanted = false;
    while (place->lock >= 0 && !(locked = fcntl(place->lock, F_SETLK, &whole) == 0) && !unwanted && steady_left(end_ms) > 0) {
        struct pollfd it = {.fd = wanted, .events = POLLIN};
        unwanted = poll(&it, 1, LOCK_LOOK_MS) > 0;
    }
    if (!locked) {
        ssh_place_unlock(place);
    }
    return locked;
}

void ssh_place_unlock(struct ssh_place *place)
{
    if (place->lock >= 0) {
        close(place->lock);
        place->lock = -1;
    }
}

void ssh_place_note(const struct ssh_place *place, enum ssh_note note)
{
    char *path = path_in(place->directory, notes[note]);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    free(path);
    if (fd >= 0) {
        char made[24];
        int length = snprintf(made, sizeof made, "%lld\n", (long long) steady_ms());
        if (write(fd, made, (size_t) length) != length) {
            ssh_place_forget(place, note);
        }
        close(fd);
    }
}

void ssh_place_forget(const struct ssh_place *place, enum ssh_note note)
{
    char *path = path_in(place->directory, notes[note]);
    unlink(path);
    free(path);
}

bool ssh_place_has_since(const struct ssh_place *place, enum ssh_note note, int64_t since_ms)
{
    char *path = path_in(place->directory, notes[note]);
    char *made = file_first_line(path);
    free(path);
    char *end = NULL;
    long long at = made == NULL ? -1 : strtoll(made, &end, 10);
    bool has = end != NULL && end != made && *end == '\0' && at >= since_ms && at <= steady_ms();
    free(made);
    return has;
}
