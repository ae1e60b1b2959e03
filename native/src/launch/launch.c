#include "launch.h"

#include "blank.h"
#include "file.h"
#include "java.h"
#include "path.h"
#include "words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CANNOT 1

static void add_joined(struct word_list *line, const char *name, const char *value)
{
    struct text word = {0};
    text_format(&word, "%s%s", name, value);
    word_list_add(line, text_chars(&word));
    text_free(&word);
}

/* Flags are meant to be split into words; no path is among them. */
static void add_split(struct word_list *line, const char *flags)
{
    static const char blanks[] = " \t\n";
    for (const char *at = flags + strspn(flags, blanks); *at != '\0'; at += strspn(at, blanks)) {
        char *word = slice_copy((struct slice){.at = at, .length = strcspn(at, blanks)});
        at += strlen(word);
        word_list_add(line, word);
        free(word);
    }
}

static void add_flags(struct word_list *line, enum java_part part)
{
    struct text name = {0};
    text_format(&name, "java/%s.flags", java_part_name(part));
    char *file = mpx_lib(text_chars(&name));
    char *flags = file_first_line(file);
    add_split(line, flags != NULL ? flags : "");
    free(flags);
    free(file);
    text_free(&name);
}

static void add_properties(struct word_list *line, bool alias)
{
    char parent[24];
    snprintf(parent, sizeof parent, "%ld", (long) getppid());
    add_joined(line, "-Dmpx.launcher=", mpx_program());
    add_joined(line, "-Dmpx.native=", mpx_program());
    add_joined(line, "-Dmpx.version=", mpx_version());
    add_joined(line, "-Dmpx.parent=", parent);
    add_joined(line, "-Dmpx.alias=", alias ? "true" : "false");
}

static struct word_list command_line(const char *java, enum java_part part, bool alias, char *const *words)
{
    struct word_list line = {0};
    word_list_add(&line, java);
    add_flags(&line, part);
    char *archive = java_archive(part, java);
    if (archive != NULL) {
        add_joined(&line, "-XX:SharedArchiveFile=", archive);
        free(archive);
    }
    add_properties(&line, alias);
    /* For looking into mpx itself. */
    const char *more = getenv("MPX_JAVA_OPTS");
    add_split(&line, more != NULL ? more : "");
    word_list_add(&line, "-cp");
    char *class_path = java_class_path(part);
    word_list_add(&line, class_path);
    free(class_path);
    word_list_add(&line, java_main_class(part));
    word_list_add_all(&line, words);
    return line;
}

int launch_java(enum java_part part, bool alias, char *const *words)
{
    char *java = java_find();
    if (java == NULL) {
        fputs("mpx: no Java found. Install a JDK 17 or newer, or set JAVA_HOME to one.\n", stderr);
        return CANNOT;
    }
    struct word_list line = command_line(java, part, alias, words);
    java_see_to_locale();
    execv(java, line.words);
    fprintf(stderr, "mpx: cannot run %s: %s. Set JAVA_HOME to a JDK 17 or newer.\n", java, strerror(errno));
    words_free(line.words);
    free(java);
    return CANNOT;
}

/* The words of `mpx serve` for the target, without the program. */
static struct word_list serve_line(const struct target *target)
{
    struct word_list line = {0};
    word_list_add(&line, "serve");
    word_list_add(&line, "--home");
    word_list_add(&line, target->home);
    if (target->palace != NULL) {
        word_list_add(&line, "--palace-dir");
        word_list_add(&line, target->palace);
    }
    word_list_add(&line, "--");
    word_list_add_all(&line, target->argv);
    return line;
}

/* A palace named relative to the agent's directory must mean the same in the daemon's. */
static void make_variables_absolute(const char *working_directory)
{
    static const char *const names[] = {"MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH", "MEMPALACE_CONFIG_DIR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value == NULL || blank_is(value) || *value == '/' || *value == '~') {
            continue;
        }
        char *joined = path_join(working_directory, value);
        char *absolute = path_normal(joined);
        setenv(names[i], absolute, 1);
        free(absolute);
        free(joined);
    }
}

/*
 * Who is started for `serve`, to be freed; NULL for this program itself. A shim may run for longer than its installation
 * is kept: then it is the one that has taken its place, PREFIX/bin/mpx for PREFIX/lib/mpx/NAME/bin/mpx. Tests name another
 * one as they do for the Java shim.
 */
static char *other_launcher(void)
{
    char *named = java_option("-Dmpx.launcher=");
    if (named != NULL) {
        return named;
    }
    char *lib = mpx_lib("");
    bool is_whole = file_is_directory(lib);
    /* Not for the system to follow: the directories in between are gone. */
    char *way = path_join(lib, "../../../../bin/mpx");
    char *successor = is_whole ? NULL : path_normal(way);
    free(way);
    free(lib);
    if (successor != NULL && !file_is_executable(successor)) {
        free(successor);
        return NULL;
    }
    return successor;
}

int launch_daemon(const struct target *target)
{
    make_variables_absolute(target->working_directory);
    /* By this a guard finds what is left of its tree, to end it; this daemon is not part of any. */
    unsetenv("MPX_GUARDED");
    unsetenv("MPX_LENT"); /* nor of any job */
    unsetenv("MPX_UNIT"); /* nor the service that whoever starts it may be part of */
    if (chdir(target->home) != 0) {
        fprintf(stderr, "mpx: cannot enter %s: %s.\n", target->home, strerror(errno));
        return CANNOT;
    }
    struct word_list line = serve_line(target);
    int status = CANNOT;
    char *launcher = other_launcher();
    if (launcher == NULL) {
        status = launch_java(JAVA_SERVE, false, line.words);
    } else {
        struct word_list whole = {0};
        word_list_add(&whole, launcher);
        word_list_add_all(&whole, line.words);
        execv(launcher, whole.words);
        fprintf(stderr, "mpx: cannot run %s: %s.\n", launcher, strerror(errno));
        words_free(whole.words);
        free(launcher);
    }
    words_free(line.words);
    return status;
}
