#include "memory.h"

#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All ids together, and all lines together, in bytes; what is past it is not remembered. */
#define MOST_BYTES (1u << 20)
/* A daemon's error when it takes nothing more, and the one for an id that is in use. */
#define DAEMON_LEAVING (-32016)
#define INVALID_REQUEST (-32600)

static size_t length_of(const char *line)
{
    return line == NULL ? 0 : strlen(line);
}

static bool fits(const struct memory *memory, size_t more)
{
    size_t bytes = memory->asked.bytes + memory->served.bytes + memory->again.bytes + length_of(memory->initialize)
                   + length_of(memory->initialized) + length_of(memory->level);
    for (const struct subscription *each = memory->subscriptions; each != NULL; each = each->next) {
        bytes += strlen(each->line) + strlen(each->uri);
    }
    return bytes + more <= MOST_BYTES;
}

static void replace(char **kept, char *with)
{
    free(*kept);
    *kept = with;
}

/* ---- what the agent says */

static enum purpose purpose_of(const struct memory *memory, const struct scan *scan)
{
    if (scan_method_is(scan, "initialize")) {
        return memory->initialize == NULL ? ASKS_INITIALIZE : ASKS_ANYTHING;
    }
    return scan_method_is(scan, "logging/setLevel")        ? ASKS_LEVEL
           : scan_method_is(scan, "resources/subscribe")   ? ASKS_SUBSCRIBE
           : scan_method_is(scan, "resources/unsubscribe") ? ASKS_UNSUBSCRIBE
                                                           : ASKS_ANYTHING;
}

static void said_request(struct memory *memory, const struct scan *scan, struct slice line, int64_t read_ms, int64_t wait_ms)
{
    struct slice id = scan_id(scan);
    if (!fits(memory, id.length)) {
        return;
    }
    struct request *request = requests_add(&memory->asked, id);
    request->read_ms = read_ms;
    request->wait_ms = wait_ms;
    enum purpose purpose = purpose_of(memory, scan);
    if (purpose == ASKS_ANYTHING || line.length == 0 || !fits(memory, line.length)) {
        return;
    }
    request->purpose = purpose;
    if (purpose == ASKS_INITIALIZE) {
        memory->initialize = slice_copy(line);
        memory->welcomed = false;
    } else {
        requests_keep_line(&memory->asked, request, line);
    }
}

/* The open request that a `notifications/cancelled` is about, or NULL. */
static struct request *cancelled(const struct requests *set, struct slice line)
{
    struct slice message, id;
    return json_read(line, &message) && json_at(message, &id, "params", "requestId", NULL) ? requests_find(set, id) : NULL;
}

static void said_initialized(struct memory *memory, struct slice line)
{
    if (line.length > 0 && fits(memory, line.length)) {
        replace(&memory->initialized, slice_copy(line));
    }
}

static void said_notification(struct memory *memory, const struct scan *scan, struct slice line)
{
    if (scan_method_is(scan, "notifications/initialized")) {
        said_initialized(memory, line);
    } else if (scan_method_is(scan, "notifications/cancelled")) {
        struct request *request = cancelled(&memory->asked, line);
        /* What is cancelled is not answered; but an initialize can't be cancelled. */
        if (request != NULL && request->purpose != ASKS_INITIALIZE) {
            requests_remove(&memory->asked, request);
        }
    }
}

/* Calls itself for the elements of a batch, which can't be batches themselves. */
void memory_said(struct memory *memory, const struct scan *scan, struct slice line, int64_t read_ms, int64_t wait_ms)
{
    struct request *served;
    switch (scan_kind(scan)) {
    case LINE_REQUEST:
        said_request(memory, scan, line, read_ms, wait_ms);
        break;
    case LINE_NOTIFICATION:
        said_notification(memory, scan, line);
        break;
    case LINE_RESULT:
    case LINE_ERROR:
        served = requests_find(&memory->served, scan_id(scan));
        if (served != NULL) {
            requests_remove(&memory->served, served);
        }
        break;
    case LINE_BATCH: {
        struct slice batch, element;
        size_t place = 0;
        while (json_read(line, &batch) && json_element(batch, &place, &element)) {
            struct scan one = {0};
            scan_feed(&one, element.at, element.length);
            if (scan_kind(&one) != LINE_BATCH) {
                memory_said(memory, &one, element, read_ms, wait_ms);
            }
            scan_free(&one);
        }
        break;
    }
    case LINE_ODD:
        if (scan->has_id) { /* it will be answered all the same */
            said_request(memory, scan, (struct slice){0}, read_ms, wait_ms);
        }
        break;
    case LINE_BLANK:
        break;
    }
}

void memory_unsaid(struct memory *memory, const struct scan *scan, struct slice line)
{
    if (memory->welcomed && scan_kind(scan) == LINE_NOTIFICATION && scan_method_is(scan, "notifications/initialized")) {
        said_initialized(memory, line);
    }
}

/* ---- what the daemon says */

static bool error_is(struct slice line, long long code)
{
    struct slice message, value;
    long long number;
    return json_read(line, &message) && json_at(message, &value, "error", "code", NULL) && json_integer(value, &number)
           && number == code;
}

static char *uri_of(const char *line)
{
    struct slice message, params;
    return json_read(slice_of(line), &message) && json_member(message, "params", &params) ? json_member_text(params, "uri") : NULL;
}

static void unsubscribed(struct memory *memory, const char *uri)
{
    for (struct subscription **place = &memory->subscriptions; *place != NULL; place = &(*place)->next) {
        struct subscription *each = *place;
        if (strcmp(each->uri, uri) == 0) {
            *place = each->next;
            free(each->uri);
            free(each->line);
            free(each);
            return;
        }
    }
}

/* Takes both texts over. */
static void subscribed(struct memory *memory, char *uri, char *line)
{
    unsubscribed(memory, uri);
    struct subscription **place = &memory->subscriptions;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    *place = need(sizeof **place);
    **place = (struct subscription){.uri = uri, .line = line};
}

/* A request that the shim remembers for its effect has been answered with success. */
static void took_effect(struct memory *memory, const struct request *request)
{
    char *uri = request->purpose == ASKS_LEVEL ? NULL : uri_of(request->line);
    if (request->purpose == ASKS_LEVEL) {
        replace(&memory->level, slice_copy(slice_of(request->line)));
    } else if (uri != NULL && request->purpose == ASKS_SUBSCRIBE) {
        subscribed(memory, uri, slice_copy(slice_of(request->line)));
        return;
    } else if (uri != NULL) {
        unsubscribed(memory, uri);
    }
    free(uri);
}

static bool answered(struct memory *memory, const struct scan *scan, struct slice line)
{
    struct slice id = scan_id(scan);
    struct request *own = requests_find(&memory->again, id);
    if (own != NULL) {
        requests_remove(&memory->again, own);
        return false;
    }
    bool is_error = scan_kind(scan) == LINE_ERROR;
    struct request *request = is_error && error_is(line, INVALID_REQUEST) ? requests_find_youngest(&memory->asked, id)
                                                                          : requests_find(&memory->asked, id);
    if (request == NULL) {
        return true;
    }
    if (request->purpose == ASKS_INITIALIZE) {
        if (is_error && error_is(line, DAEMON_LEAVING)) {
            return false; /* the next daemon will be asked */
        }
        memory->welcomed = !is_error;
        if (is_error) {
            replace(&memory->initialize, NULL);
        }
    } else if (request->purpose != ASKS_ANYTHING && !is_error) {
        took_effect(memory, request);
    }
    requests_remove(&memory->asked, request);
    return true;
}

static void heard_batch(struct memory *memory, struct slice line)
{
    struct slice batch, element;
    size_t place = 0;
    while (json_read(line, &batch) && json_element(batch, &place, &element)) {
        struct scan one = {0};
        scan_feed(&one, element.at, element.length);
        if (scan_kind(&one) != LINE_BATCH) {
            memory_heard(memory, &one, element);
        }
        scan_free(&one);
    }
}

bool memory_heard(struct memory *memory, const struct scan *scan, struct slice line)
{
    struct request *taken_back;
    switch (scan_kind(scan)) {
    case LINE_RESULT:
    case LINE_ERROR:
        return answered(memory, scan, line);
    case LINE_REQUEST:
        if (fits(memory, scan_id(scan).length)) {
            requests_add(&memory->served, scan_id(scan));
        }
        return true;
    case LINE_NOTIFICATION:
        taken_back = scan_method_is(scan, "notifications/cancelled") ? cancelled(&memory->served, line) : NULL;
        if (taken_back != NULL) {
            requests_remove(&memory->served, taken_back);
        }
        return true;
    case LINE_BATCH:
        heard_batch(memory, line);
        return true;
    default:
        return true;
    }
}

/* ---- the next daemon */

const char *memory_handshake(const struct memory *memory)
{
    return memory->welcomed ? memory->initialize : NULL;
}

static void add_line(struct text *lines, const char *line)
{
    text_add(lines, line);
    text_add(lines, "\n");
}

/* The same request under an id whose answer the agent won't get. */
static void ask_again(struct memory *memory, const char *line, struct text *lines)
{
    struct slice message, id;
    if (!json_read(slice_of(line), &message) || !json_member(message, "id", &id)) {
        return;
    }
    char name[40];
    snprintf(name, sizeof name, "\"mpx-again-%ld\"", ++memory->restored);
    requests_add(&memory->again, slice_of(name));
    text_add_bytes(lines, line, (size_t) (id.at - line));
    text_add(lines, name);
    add_line(lines, id.at + id.length);
}

void memory_restore(struct memory *memory, struct text *lines)
{
    requests_clear(&memory->again);
    if (!memory->welcomed) {
        if (memory->initialize != NULL) {
            add_line(lines, memory->initialize);
        }
        return;
    }
    if (memory->initialized != NULL) {
        add_line(lines, memory->initialized);
    }
    if (memory->level != NULL) {
        ask_again(memory, memory->level, lines);
    }
    for (const struct subscription *each = memory->subscriptions; each != NULL; each = each->next) {
        ask_again(memory, each->line, lines);
    }
}

struct request *memory_give_up_handshake(struct memory *memory)
{
    if (memory->initialize == NULL || memory->welcomed) {
        return NULL;
    }
    replace(&memory->initialize, NULL);
    for (struct request *each = memory->asked.first; each != NULL; each = each->next) {
        if (each->purpose == ASKS_INITIALIZE) {
            return each;
        }
    }
    return NULL;
}
