#include "unit.h"

#include "broker_file.h"
#include "file.h"
#include "path.h"
#include "shell_words.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST (1u << 20)
#define LONGEST_NAME 255

/* Nothing in it means anything to a shell. */
static bool is_name(const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@_.:-";
    size_t length = strlen(text);
    return length > 0 && length <= LONGEST_NAME && *text != '-' && strspn(text, plain) == length;
}

static char *unit_in(struct slice record)
{
    struct slice value;
    char *unit = json_strict_member(record, "unit", &value) ? json_text(value) : NULL;
    if (unit != NULL && !is_name(unit)) {
        free(unit);
        unit = NULL;
    }
    return unit;
}

char *unit_of(const char *home)
{
    struct text text = {0};
    struct slice record;
    char *unit = broker_file_read(home, &text, &record) ? unit_in(record) : NULL;
    text_free(&text);
    if (unit == NULL) {
        char *file = path_in(home, "server.json");
        text = (struct text){0};
        if (file_is_regular(file) && file_read(file, LARGEST, &text)
            && json_strict_read((struct slice){.at = text_chars(&text), .length = text.length}, &record)) {
            unit = unit_in(record);
        }
        text_free(&text);
        free(file);
    }
    return unit;
}

static bool is_systemds(const char *unit)
{
    static const char systemd[] = ".service";
    size_t length = strlen(unit);
    return length >= sizeof systemd - 1 && strcmp(unit + length - (sizeof systemd - 1), systemd) == 0;
}

bool unit_add_journal(struct text *text, const char *home)
{
    char *unit = unit_of(home);
    bool has = unit != NULL && is_systemds(unit);
    if (has) {
        text_format(text, "journalctl --user -u %s", unit);
    }
    free(unit);
    return has;
}

static bool has_text(const char *home, const char *name)
{
    char *path = path_in(home, name);
    struct stat status;
    bool has = stat(path, &status) == 0 && status.st_size > 0;
    free(path);
    return has;
}

void unit_add_log(struct text *text, const char *home)
{
    struct text journal = {0};
    if (unit_add_journal(&journal, home)) {
        text_format(text, "%s/logs/mpx.log (and what it printed: %s)", home, text_chars(&journal));
    } else {
        bool has_output = has_text(home, "logs/daemon.log") || !has_text(home, "logs/mpx.log");
        text_format(text, "%s/logs/%s", home, has_output ? "daemon.log" : "mpx.log");
    }
    text_free(&journal);
}

static void add_restart_of(struct text *text, const char *unit)
{
    if (is_systemds(unit)) {
        text_format(text, "systemctl --user restart %s", unit);
    } else {
        text_format(text, "launchctl kickstart -k gui/%ld/%s", (long) getuid(), unit);
    }
}

void unit_add_restart(struct text *text, const char *home)
{
    char *unit = unit_of(home);
    if (unit != NULL) {
        add_restart_of(text, unit);
        free(unit);
        return;
    }
    text_add(text, "mpx restart --home ");
    shell_add_word(text, home);
}

void unit_add_hint(struct text *text, const char *home)
{
    char *unit = unit_of(home);
    if (unit != NULL) {
        text_format(text, " The service %s keeps it; this starts it again: ", unit);
        add_restart_of(text, unit);
        free(unit);
    }
}
