#include "mount.h"

#include "file.h"
#include "text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#if !defined(__linux__)
#include <sys/mount.h>
#include <sys/param.h>
#endif

#define LARGEST_TABLE (16u << 20)

/*
 * File systems that another kernel may see as well, or on which locks and sockets may not work between two processes even
 * of one: what VMs, container runtimes and networks share by. "fuse" means fuse.anything, too.
 */
static const char *const shared[] = {"virtiofs", "9p",   "fuse", "fuseblk", "fakeowner", "vboxsf", "prl_fs", "vmhgfs", "nfs",
                                     "nfs4",     "cifs", "smb3", "smbfs",   "afs",       "ceph",   "coda",   "lustre", "webdav"};

bool mount_may_be_shared(const struct mount *mount)
{
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (strcmp(mount->type, shared[i]) == 0) {
            return true;
        }
    }
    return word_after(mount->type, "fuse.") != NULL;
}

/* A line of the table that leads to the path. */
struct row {
    struct slice id;
    struct slice parent;
    struct slice type;
    struct slice source;
    char *point;
};

/* Space, tab, newline and backslash stand as three octal digits behind a backslash. */
static char *unescaped(struct slice word)
{
    static const struct {
        const char *octal;
        const char *means;
    } escapes[] = {{"\\040", " "}, {"\\011", "\t"}, {"\\012", "\n"}, {"\\134", "\\"}};
    struct text out = {0};
    for (size_t at = 0; at < word.length;) {
        size_t taken = 0;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes && taken == 0; i++) {
            if (word.length - at >= 4 && memcmp(word.at + at, escapes[i].octal, 4) == 0) {
                text_add(&out, escapes[i].means);
                taken = 4;
            }
        }
        if (taken == 0) {
            text_add_bytes(&out, word.at + at, 1);
            taken = 1;
        }
        at += taken;
    }
    return text_take(&out);
}

/* The next word of a line, which moves behind it; false at the end. */
static bool next_word(struct slice *line, struct slice *word)
{
    if (line->length == 0) {
        return false;
    }
    const char *blank = memchr(line->at, ' ', line->length);
    size_t length = blank == NULL ? line->length : (size_t) (blank - line->at);
    *word = (struct slice){.at = line->at, .length = length};
    size_t step = blank == NULL ? length : length + 1;
    line->at += step;
    line->length -= step;
    return true;
}

/* 36 35 98:0 /root /point options [tags…] - type source options */
static bool read_row(struct row *out, struct slice line)
{
    struct slice words[6];
    struct slice word;
    for (size_t i = 0; i < 6; i++) {
        if (!next_word(&line, &words[i])) {
            return false;
        }
    }
    do {
        if (!next_word(&line, &word)) {
            return false;
        }
    } while (!slice_is(word, "-"));
    *out = (struct row){.id = words[0], .parent = words[1]};
    if (!next_word(&line, &out->type) || !next_word(&line, &out->source)) {
        return false;
    }
    out->point = unescaped(words[4]);
    return true;
}

static bool leads_to(const char *point, const char *path)
{
    size_t length = strlen(point);
    while (length > 1 && point[length - 1] == '/') {
        length--;
    }
    return strncmp(point, path, length) == 0 && (length == 1 || path[length] == '\0' || path[length] == '/');
}

static size_t read_rows(struct row **rows, const char *table, const char *path)
{
    size_t count = 0;
    *rows = NULL;
    for (const char *at = table; *at != '\0';) {
        struct row row;
        struct slice line = {.at = at, .length = strcspn(at, "\n")};
        at += line.length + (at[line.length] == '\n' ? 1 : 0);
        if (!read_row(&row, line)) {
            continue;
        }
        if (*row.point == '/' && leads_to(row.point, path)) {
            *rows = need_more(*rows, (count + 1) * sizeof **rows);
            (*rows)[count++] = row;
        } else {
            free(row.point);
        }
    }
    return count;
}

static bool is_on(const struct row *row, const struct row *parent)
{
    return slice_equals(row->parent, parent->id) && !slice_equals(row->id, parent->id);
}

static const struct row *first_without_parent(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool has_parent = false;
        for (size_t k = 0; k < count; k++) {
            has_parent = has_parent || is_on(&rows[i], &rows[k]);
        }
        if (!has_parent) {
            return &rows[i];
        }
    }
    return NULL;
}

/*
 * Goes from mount to mount as the kernel does. Of several on one mount that lead to the path, the nearest counts: one that
 * was mounted behind it before is hidden by it.
 */
static const struct row *last_on_the_way(const struct row *rows, size_t count)
{
    const struct row *at = first_without_parent(rows, count);
    const struct row *next = at;
    for (size_t steps = 0; next != NULL && steps <= count; steps++) {
        at = next;
        next = NULL;
        for (size_t i = 0; i < count; i++) {
            if (is_on(&rows[i], at) && (next == NULL || strlen(rows[i].point) < strlen(next->point))) {
                next = &rows[i];
            }
        }
    }
    return at;
}

bool mount_find_in(struct mount *out, const char *table, const char *path)
{
    struct row *rows;
    size_t count = read_rows(&rows, table, path);
    const struct row *found = last_on_the_way(rows, count);
    *out = (struct mount){0};
    if (found != NULL) {
        out->point = slice_copy(slice_of(found->point));
        out->type = slice_copy(found->type);
        out->source = unescaped(found->source);
    }
    for (size_t i = 0; i < count; i++) {
        free(rows[i].point);
    }
    free(rows);
    return out->type != NULL;
}

#if defined(__linux__)

bool mount_find(struct mount *out, const char *path)
{
    struct text table;
    *out = (struct mount){0};
    bool found = file_read("/proc/self/mountinfo", LARGEST_TABLE, &table) && mount_find_in(out, text_chars(&table), path);
    text_free(&table);
    return found;
}

#else

/* Of the path, or of the nearest directory above it that exists. */
bool mount_find(struct mount *out, const char *path)
{
    char *there = slice_copy(slice_of(path));
    struct statfs system;
    bool found;
    while (!(found = statfs(there, &system) == 0)) {
        char *slash = strrchr(there, '/');
        if (slash == NULL || strcmp(there, "/") == 0) {
            break;
        }
        slash[slash == there ? 1 : 0] = '\0';
    }
    *out = (struct mount){0};
    if (found) {
        out->point = slice_copy(slice_of(there));
        out->type = slice_copy(slice_of(system.f_fstypename));
        out->source = slice_copy(slice_of(system.f_mntfromname));
    }
    free(there);
    return found;
}

#endif

void mount_free(struct mount *mount)
{
    free(mount->point);
    free(mount->type);
    free(mount->source);
    *mount = (struct mount){0};
}

bool mount_is_shared(const char *path)
{
    struct mount mount;
    bool is = mount_find(&mount, path) && mount_may_be_shared(&mount);
    mount_free(&mount);
    return is;
}

char *mount_text(const struct mount *mount)
{
    struct text out = {0};
    text_add(&out, mount->type);
    if (*mount->source != '\0' && strcmp(mount->source, "none") != 0) {
        text_format(&out, " \"%s\"", mount->source);
    }
    text_format(&out, " on %s", mount->point);
    return text_take(&out);
}
