#include "java.h"

#include "file.h"
#include "path.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define OLDEST_JAVA 17

/* Whether the file `release` in Java's home names a version before 17; one that does not tell is taken at its word. */
static bool is_old(const char *java_home)
{
    static const char name[] = "JAVA_VERSION=\"";
    char *file = path_join(java_home, "release");
    struct text text;
    bool old = false;
    if (file_read(file, 1u << 20, &text)) {
        const char *line = strstr(text_chars(&text), name);
        long version = line == NULL ? OLDEST_JAVA : strtol(line + sizeof name - 1, NULL, 10);
        old = version > 0 && version < OLDEST_JAVA; /* Java 8 calls itself 1.8 */
    }
    text_free(&text);
    free(file);
    return old;
}

static char *java_of_home(void)
{
    const char *home = getenv("JAVA_HOME");
    if (home == NULL || *home == '\0' || is_old(home)) {
        return NULL;
    }
    char *java = path_join(home, "bin/java");
    if (file_is_executable(java)) {
        return java;
    }
    free(java);
    return NULL;
}

static char *java_of_installation(void)
{
    char *file = mpx_lib("java-path");
    char *java = file_first_line(file);
    free(file);
    if (java != NULL && file_is_executable(java)) {
        return java;
    }
    free(java);
    return NULL;
}

static char *java_on_path(void)
{
    const char *at = getenv("PATH");
    while (at != NULL) {
        size_t length = strcspn(at, ":");
        if (length > 0) {
            struct text java = {0};
            text_add_slice(&java, (struct slice){.at = at, .length = length});
            text_add(&java, "/java");
            if (file_is_executable(text_chars(&java))) {
                return text_take(&java);
            }
            text_free(&java);
        }
        at = at[length] == ':' ? at + length + 1 : NULL;
    }
    return NULL;
}

char *java_find(void)
{
    char *java = java_of_home();
    if (java == NULL) {
        java = java_of_installation();
    }
    return java != NULL ? java : java_on_path();
}

const char *java_part_name(enum java_part part)
{
    return part == JAVA_SHIM ? "shim" : part == JAVA_SERVE ? "serve" : "cli";
}

const char *java_main_class(enum java_part part)
{
    return part == JAVA_SHIM ? "dev.mpx.proxy.shim.ShimMain" : "dev.mpx.proxy.cli.Mpx";
}

static int by_bytes(const void *one, const void *other)
{
    return strcmp(*(char *const *) one, *(char *const *) other);
}

static bool is_jar(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && *name != '.' && strcmp(name + length - 4, ".jar") == 0;
}

static void add_jar(struct text *path, const char *name)
{
    char *file = mpx_lib(name);
    text_format(path, "%s%s", path->length > 0 ? ":" : "", file);
    free(file);
}

/* Every jar in lib. */
static void add_all_jars(struct text *path)
{
    char *lib = mpx_lib("");
    DIR *directory = opendir(lib);
    free(lib);
    char **names = NULL;
    size_t count = 0;
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        if (is_jar(entry->d_name)) {
            names = need_more(names, (count + 1) * sizeof *names);
            names[count++] = slice_copy(slice_of(entry->d_name));
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
    if (count > 0) {
        qsort(names, count, sizeof *names, by_bytes);
    }
    for (size_t i = 0; i < count; i++) {
        add_jar(path, names[i]);
        free(names[i]);
    }
    free(names);
}

char *java_class_path(enum java_part part)
{
    struct text path = {0};
    if (part == JAVA_SHIM) {
        add_jar(&path, "mpx-proxy.jar");
        add_jar(&path, "mpx-framing.jar");
    } else {
        add_all_jars(&path);
    }
    return text_take(&path);
}

static bool is_same_file(const char *one, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

char *java_archive(enum java_part part, const char *java)
{
    char *file = mpx_lib("java/archived-by");
    char *maker = file_first_line(file);
    free(file);
    bool same = maker != NULL && is_same_file(maker, java);
    free(maker);
    if (!same) {
        return NULL;
    }
    struct text name = {0};
    text_format(&name, "java/%s.jsa", java_part_name(part));
    char *archive = mpx_lib(text_chars(&name));
    text_free(&name);
    if (file_is_regular(archive)) {
        return archive;
    }
    free(archive);
    return NULL;
}

static const char *set_value(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

void java_see_to_locale(void)
{
    const char *all = set_value("LC_ALL");
    const char *type = set_value("LC_CTYPE");
    const char *used = all != NULL ? all : type != NULL ? type : set_value("LANG");
    for (const char *at = used; at != NULL && *at != '\0'; at++) {
        if (strncasecmp(at, "UTF", 3) == 0) {
            return;
        }
    }
    setenv(all != NULL ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
}
