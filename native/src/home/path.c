#include "path.h"

#include "target.h"
#include "text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LINKS 40

char *path_clean(const char *path)
{
    size_t length = strlen(path);
    char *clean = need(length + 1);
    char *out = clean;
    for (size_t i = 0; i < length; i++) {
        if (path[i] != '/' || out == clean || out[-1] != '/') {
            *out++ = path[i];
        }
    }
    if (out > clean + 1 && out[-1] == '/') {
        out--;
    }
    *out = '\0';
    return clean;
}

char *path_join(const char *directory, const char *path)
{
    if (*path == '/') {
        return path_clean(path);
    }
    struct text joined = {0};
    text_format(&joined, "%s/%s", directory, path);
    char *clean = path_clean(text_chars(&joined));
    text_free(&joined);
    return clean;
}

char *path_in(const char *directory, const char *name)
{
    return path_join(directory, name);
}

/* The next element from *at on, which moves behind it; empty at the end. */
static struct slice next_element(const char **at)
{
    *at += strspn(*at, "/");
    struct slice element = {.at = *at, .length = strcspn(*at, "/")};
    *at += element.length;
    return element;
}

char *path_normal(const char *path)
{
    char *normal = need(strlen(path) + 2);
    size_t length = 0;
    for (struct slice element = next_element(&path); element.length > 0; element = next_element(&path)) {
        if (slice_is(element, "..")) {
            while (length > 0 && normal[--length] != '/') {
            }
        } else if (!slice_is(element, ".")) {
            normal[length++] = '/';
            memcpy(normal + length, element.at, element.length);
            length += element.length;
        }
    }
    if (length == 0) {
        normal[length++] = '/';
    }
    normal[length] = '\0';
    return normal;
}

char *path_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash[1] == '\0') {
        return NULL;
    }
    return slice_copy((struct slice){.at = path, .length = slash == path ? 1 : (size_t) (slash - path)});
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* What the link says, or NULL when it is none. */
static char *read_link(const char *path)
{
    char *target = need(PATH_MAX + 1);
    ssize_t length = readlink(path, target, PATH_MAX);
    if (length < 0) {
        free(target);
        return NULL;
    }
    target[length] = '\0';
    return target;
}

static char *real(const char *absolute, int links);

/* `name` in a directory that is real. */
static char *real_in(const char *directory, const char *name, int links)
{
    if (strcmp(name, ".") == 0) {
        return path_clean(directory);
    }
    if (strcmp(name, "..") == 0) {
        char *parent = path_parent(directory);
        return parent != NULL ? parent : path_clean(directory);
    }
    char *here = path_join(directory, name);
    char *link = read_link(here);
    if (link == NULL) {
        return here;
    }
    char *target = path_join(directory, link);
    char *answer = real(target, links + 1);
    free(target);
    free(link);
    free(here);
    return answer;
}

static char *real(const char *absolute, int links)
{
    char *known = realpath(absolute, NULL);
    if (known != NULL) {
        return known;
    }
    char *parent = links > MAX_LINKS ? NULL : path_parent(absolute);
    if (parent == NULL) {
        return path_normal(absolute);
    }
    char *real_parent = real(parent, links);
    char *answer = real_in(real_parent, path_name(absolute), links);
    free(real_parent);
    free(parent);
    return answer;
}

char *path_real(const char *absolute)
{
    char *clean = path_clean(absolute);
    char *answer = real(clean, 0);
    free(clean);
    return answer;
}
