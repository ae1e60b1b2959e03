#include "command.h"

#include "file.h"
#include "guest_request.h"
#include "mount.h"
#include "plain.h"
#include "target.h"
#include "text.h"
#include "where_jobs.h"
#include "whereabouts.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_member(struct text *line, const char *name, const char *value)
{
    text_add_json(line, name);
    text_add(line, ":");
    if (value == NULL) {
        text_add(line, "null");
    } else {
        text_add_json(line, value);
    }
}

static void print_line(struct text *line)
{
    text_add(line, "}\n");
    fputs(text_chars(line), stdout);
    text_free(line);
}

static int print_error(char *error, int status)
{
    struct text line = {0};
    text_add(&line, "{");
    add_member(&line, "error", error);
    print_line(&line);
    free(error);
    return status;
}

static void add_endpoints(struct text *line, const struct whereabouts *where)
{
    text_add(line, ",\"endpoints\":[");
    for (size_t i = 0; i < where->count; i++) {
        char *endpoint = endpoint_text(&where->endpoints[i]);
        text_add(line, i > 0 ? "," : "");
        text_add_json(line, endpoint);
        free(endpoint);
    }
    text_add(line, "]");
}

static void print_target(const struct target *target, const struct whereabouts *where)
{
    struct text line = {0};
    text_add(&line, "{");
    add_member(&line, "home", target->home);
    text_add(&line, ",");
    add_member(&line, "palace", target->palace);
    text_add(&line, ",\"argv\":[");
    for (size_t i = 0; target->argv[i] != NULL; i++) {
        text_add(&line, i > 0 ? "," : "");
        text_add_json(&line, target->argv[i]);
    }
    text_add(&line, "]");
    add_endpoints(&line, where);
    print_line(&line);
}

/* `mpx where --mount TABLE PATH`: what the path lies on by that table. */
static int where_mounted(const char *table, const char *path)
{
    struct text text;
    struct mount mount = {0};
    struct text line = {0};
    bool found = file_read(table, 1u << 20, &text) && mount_find_in(&mount, text_chars(&text), path);
    char *told = found ? mount_text(&mount) : NULL;
    text_add(&line, "{");
    add_member(&line, "mount", told);
    text_format(&line, ",\"shared\":%s", found && mount_may_be_shared(&mount) ? "true" : "false");
    print_line(&line);
    free(told);
    mount_free(&mount);
    text_free(&text);
    return WELL;
}

/* `mpx where --guest LINE`: what somebody with a key limited to `mpx guest` would get for that line. */
static int where_guests_go(const char *asked)
{
    struct guest_request request;
    struct text line = {0};
    char *why = NULL;
    if (!guest_request_read(&request, asked, &why)) {
        return print_error(why, DEGRADED);
    }
    text_add(&line, "{");
    add_member(&line, "kind", guest_kind_name(request.kind));
    text_add(&line, ",");
    add_member(&line, "home", request.home);
    text_format(&line, ",\"json\":%s", request.is_json ? "true" : "false");
    print_line(&line);
    guest_request_free(&request);
    return WELL;
}

/* `mpx where --plain TEXT`: the text as a terminal would get it. */
static int where_plain(const char *written)
{
    struct text plain = {0};
    struct text line = {0};
    plain_add(&plain, slice_of(written), false);
    text_add(&line, "{");
    add_member(&line, "plain", text_chars(&plain));
    print_line(&line);
    text_free(&plain);
    return WELL;
}

int command_where(char **all)
{
    struct invocation invocation;
    struct target target;
    struct whereabouts where = {0};
    char *error = NULL;
    if (words_count(all) == 4 && strcmp(all[1], "--mount") == 0) {
        return where_mounted(all[2], all[3]);
    }
    if (words_count(all) == 3 && strcmp(all[1], "--guest") == 0) {
        return where_guests_go(all[2]);
    }
    if (words_count(all) == 3 && strcmp(all[1], "--plain") == 0) {
        return where_plain(all[2]);
    }
    if (all[1] != NULL && strcmp(all[1], "--jobs") == 0) {
        return where_jobs(all + 2);
    }
    if (!invocation_read(&invocation, all + 1, words_count(all + 1), false, &error)) {
        return print_error(error, WRONG_USAGE);
    }
    whereabouts_prescribe(invocation.endpoint);
    bool found = target_find(&target, &invocation, &error);
    if (found && (found = whereabouts_find(&where, target.home, &error))) {
        print_target(&target, &where);
    }
    whereabouts_free(&where);
    target_free(&target);
    invocation_free(&invocation);
    return found ? WELL : print_error(error, DEGRADED);
}
