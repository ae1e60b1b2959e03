#include "whereabouts.h"

#include "blank.h"
#include "broker_file.h"
#include "file.h"
#include "mount.h"
#include "settings.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* As Java calls a kernel that has no name to tell. */
#define UNKNOWN_BOOT "unknown"

void whereabouts_prescribe(const char *endpoint)
{
    if (endpoint != NULL) {
        setenv("MEMPALACE_BROKER", endpoint, 1);
    }
}

static void add(struct whereabouts *out, struct endpoint endpoint)
{
    out->endpoints = need_more(out->endpoints, (out->count + 1) * sizeof *out->endpoints);
    out->endpoints[out->count++] = endpoint;
}

static bool find_prescribed(struct whereabouts *out, char **error)
{
    const char *named = getenv("MEMPALACE_BROKER");
    char *setting = NULL;
    if (named == NULL || blank_is(named)) {
        if (!settings_find(SETTING_ENDPOINT, &setting, error)) {
            return false;
        }
        named = setting;
    }
    struct endpoint endpoint;
    bool good = named == NULL || endpoint_read(&endpoint, named, error);
    if (good && named != NULL) {
        out->prescribed = true;
        add(out, endpoint);
    }
    free(setting);
    return good;
}

/* Of all the first that is a socket in the file system. */
static void add_own(struct whereabouts *out, struct slice endpoints)
{
    struct slice element;
    for (size_t place = 0; out->count == 0 && json_element(endpoints, &place, &element);) {
        char *text = json_text(element);
        struct endpoint endpoint;
        if (text != NULL && word_after(text, "unix:/") != NULL && endpoint_parse(&endpoint, text)) {
            add(out, endpoint);
        }
        free(text);
    }
}

/* Without the sockets: they connect processes of one kernel. Nor what only a later version knows. */
static void add_advertised(struct whereabouts *out, struct slice guests)
{
    struct slice element;
    for (size_t place = 0; json_element(guests, &place, &element);) {
        char *text = json_text(element);
        struct endpoint endpoint;
        if (text != NULL && endpoint_parse(&endpoint, text)) {
            if (endpoint.kind == ENDPOINT_UNIX) {
                endpoint_free(&endpoint);
            } else {
                add(out, endpoint);
            }
        }
        free(text);
    }
}

/* On a file system of this machine's own, a record of another boot is nothing but old. */
static bool is_of_another_kernel(struct slice broker, const char *home)
{
    struct slice value;
    char *here = file_first_line("/proc/sys/kernel/random/boot_id");
    char *there = json_strict_member(broker, "bootId", &value) ? json_text(value) : NULL;
    bool is = strcmp(there == NULL ? UNKNOWN_BOOT : there, here == NULL ? UNKNOWN_BOOT : here) != 0 && mount_is_shared(home);
    free(here);
    free(there);
    return is;
}

static void find_recorded(struct whereabouts *out, const char *home)
{
    struct text text;
    struct slice broker;
    struct slice list;
    if (broker_file_read(home, &text, &broker)) {
        out->elsewhere = is_of_another_kernel(broker, home);
        if (out->elsewhere && json_strict_member(broker, "guests", &list)) {
            add_advertised(out, list);
        } else if (!out->elsewhere && json_strict_member(broker, "endpoints", &list)) {
            add_own(out, list);
        }
    }
    text_free(&text);
}

bool whereabouts_find(struct whereabouts *out, const char *home, char **error)
{
    *out = (struct whereabouts){0};
    if (!find_prescribed(out, error)) {
        return false;
    }
    if (!out->prescribed) {
        find_recorded(out, home);
    }
    return true;
}

void whereabouts_free(struct whereabouts *whereabouts)
{
    for (size_t i = 0; i < whereabouts->count; i++) {
        endpoint_free(&whereabouts->endpoints[i]);
    }
    free(whereabouts->endpoints);
    *whereabouts = (struct whereabouts){0};
}

bool whereabouts_lead_through_ssh(const struct whereabouts *whereabouts)
{
    for (size_t i = 0; i < whereabouts->count; i++) {
        if (whereabouts->endpoints[i].kind == ENDPOINT_SSH) {
            return true;
        }
    }
    return false;
}

bool whereabouts_are_elsewhere(bool *is, const char *home, char **error)
{
    struct whereabouts found;
    bool good = whereabouts_find(&found, home, error);
    *is = found.prescribed || found.elsewhere;
    whereabouts_free(&found);
    return good;
}
