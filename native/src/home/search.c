#include "search.h"

#include "file.h"
#include "launch.h"
#include "path.h"
#include "server.h"
#include "text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Stands near the top of every launcher script of mpx, and by being here somewhere in every native program of mpx. */
static const char marker[] = "mpx-launcher-marker";
#define MARKER_WITHIN 1024
/* A native program this large is not mpx. */
#define PROGRAM_BELOW (4u << 20)

static bool is_native_program(const struct text *file)
{
    /* ELF; Mach-O in 32 and 64 bits, of either byte order, and of several architectures at once. */
    static const char *const magics[] = {"\177ELF",          "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf",
                                         "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (file->length >= 4 && memcmp(file->bytes, magics[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_marked(const char *text, size_t length)
{
    size_t size = sizeof marker - 1;
    for (const char *at = text; length >= size; at++, length--) {
        if (*at == marker[0] && memcmp(at, marker, size) == 0) {
            return true;
        }
    }
    return false;
}

/* The first bytes of a file, `most` of them. */
static bool read_top(const char *path, size_t most, struct text *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    char *top = need(most);
    size_t length = 0;
    ssize_t got;
    while (length < most && (got = read(fd, top + length, most - length)) > 0) {
        length += (size_t) got;
    }
    text_add_bytes(out, top, length);
    free(top);
    close(fd);
    return true;
}

static bool has_marker(const char *path)
{
    struct text top = {0};
    bool marked = read_top(path, MARKER_WITHIN, &top) && is_marked(text_chars(&top), top.length);
    struct stat file;
    if (!marked && is_native_program(&top) && stat(path, &file) == 0 && file.st_size < (off_t) PROGRAM_BELOW) {
        text_free(&top);
        marked = read_top(path, PROGRAM_BELOW, &top) && is_marked(text_chars(&top), top.length);
    }
    text_free(&top);
    return marked;
}

bool search_is_mpx(const char *file)
{
    char *real = realpath(file, NULL);
    bool is = real != NULL && (strcmp(real, mpx_program()) == 0 || has_marker(real));
    free(real);
    return is;
}

static char *find(const char *name, bool past_mpx, const struct environment *environment)
{
    const char *at = environment_get(environment, "PATH");
    while (at != NULL) {
        size_t length = strcspn(at, ":");
        if (length > 0) {
            char *named = slice_copy((struct slice){.at = at, .length = length});
            char *directory = environment_absolute(environment, named);
            char *candidate = path_join(directory, name);
            free(directory);
            free(named);
            if (file_is_executable(candidate) && !(past_mpx && search_is_mpx(candidate))) {
                return candidate;
            }
            free(candidate);
        }
        at = at[length] == ':' ? at + length + 1 : NULL;
    }
    return NULL;
}

char *search_find(const char *name, const struct environment *environment)
{
    return find(name, false, environment);
}

/* Written by install.sh --replace: agents' PATH may not have the directory at all. */
static char *remembered(const char *record)
{
    char *file = mpx_lib(record);
    char *path = file_first_line(file);
    free(file);
    if (path != NULL && (*path != '/' || !file_is_executable(path) || search_is_mpx(path))) {
        free(path);
        return NULL;
    }
    return path;
}

char *search_palace_server(const struct environment *environment, char **error)
{
    char *found = find(PALACE_SERVER, true, environment);
    if (found == NULL) {
        found = remembered("server-path");
    }
    if (found == NULL) {
        struct text sentence = {0};
        text_add(&sentence, "mpx found no mempalace-mcp on PATH to share (itself aside). Install MemPalace"
                            " (pip install mempalace), or name the server: mpx -- COMMAND ARGS…");
        *error = text_take(&sentence);
    }
    return found;
}

char *search_palace_program(const struct environment *environment)
{
    char *found = find(PALACE_PROGRAM, true, environment);
    if (found == NULL) {
        found = remembered("mempalace-path");
    }
    char *server = found == NULL ? remembered("server-path") : NULL;
    if (server != NULL) {
        char *directory = path_parent(server);
        found = path_join(directory, PALACE_PROGRAM);
        free(directory);
        if (!file_is_executable(found) || search_is_mpx(found)) {
            free(found);
            found = NULL;
        }
    }
    free(server);
    return found;
}
