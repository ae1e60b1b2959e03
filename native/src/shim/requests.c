#include "requests.h"

#include "json.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 64

/* The plainest spelling of an id; to be freed if it is not the id itself. */
static char *plain_spelling(struct slice id, struct slice *plain)
{
    *plain = id;
    if (json_kind(id) != JSON_STRING || memchr(id.at, '\\', id.length) == NULL) {
        return NULL;
    }
    char *meant = json_text(id);
    if (meant == NULL) {
        return NULL;
    }
    struct text text = {0};
    text_add_json(&text, meant);
    free(meant);
    *plain = (struct slice){.at = text.bytes, .length = text.length};
    return text.bytes;
}

/* FNV-1a */
static size_t hash(struct slice id)
{
    uint64_t value = 0xcbf29ce484222325u;
    for (size_t i = 0; i < id.length; i++) {
        value = (value ^ (unsigned char) id.at[i]) * 0x100000001b3u;
    }
    return (size_t) (value ^ value >> 32);
}

static struct slice spelling(const struct request *request)
{
    return (struct slice){.at = request->id, .length = request->length};
}

static struct request **bucket_of(const struct requests *set, struct slice plain)
{
    return &set->buckets[hash(plain) & (set->bucket_count - 1)];
}

/* Behind those already there: under one id, the oldest is found first. */
static void put_in_bucket(const struct requests *set, struct request *request)
{
    struct slice plain;
    char *made = plain_spelling(spelling(request), &plain);
    struct request **place = bucket_of(set, plain);
    free(made);
    while (*place != NULL) {
        place = &(*place)->in_bucket;
    }
    request->in_bucket = NULL;
    *place = request;
}

static void make_room(struct requests *set)
{
    if (set->count < set->bucket_count) {
        return;
    }
    set->bucket_count = set->bucket_count == 0 ? FIRST_BUCKETS : 4 * set->bucket_count;
    free(set->buckets);
    set->buckets = need(set->bucket_count * sizeof *set->buckets);
    for (struct request *each = set->first; each != NULL; each = each->next) {
        put_in_bucket(set, each);
    }
}

struct request *requests_add(struct requests *set, struct slice id)
{
    make_room(set);
    struct request *request = need(sizeof *request + id.length);
    memcpy(request->id, id.at, id.length);
    request->length = id.length;
    request->previous = set->last;
    if (set->last != NULL) {
        set->last->next = request;
    } else {
        set->first = request;
    }
    set->last = request;
    set->count++;
    set->bytes += id.length;
    put_in_bucket(set, request);
    return request;
}

static struct request *find(const struct requests *set, struct slice id, bool youngest)
{
    if (set->count == 0) {
        return NULL;
    }
    struct slice plain;
    char *made = plain_spelling(id, &plain);
    struct request *found = NULL;
    for (struct request *each = *bucket_of(set, plain); each != NULL && (found == NULL || youngest); each = each->in_bucket) {
        struct slice its;
        char *its_made = plain_spelling(spelling(each), &its);
        if (slice_equals(its, plain)) {
            found = each;
        }
        free(its_made);
    }
    free(made);
    return found;
}

struct request *requests_find(const struct requests *set, struct slice id)
{
    return find(set, id, false);
}

struct request *requests_find_youngest(const struct requests *set, struct slice id)
{
    return find(set, id, true);
}

void requests_remove(struct requests *set, struct request *request)
{
    struct slice plain;
    char *made = plain_spelling(spelling(request), &plain);
    struct request **place = bucket_of(set, plain);
    free(made);
    while (*place != request) {
        place = &(*place)->in_bucket;
    }
    *place = request->in_bucket;
    *(request->previous == NULL ? &set->first : &request->previous->next) = request->next;
    *(request->next == NULL ? &set->last : &request->next->previous) = request->previous;
    set->count--;
    set->bytes -= request->length + (request->line == NULL ? 0 : strlen(request->line));
    free(request->line);
    free(request);
}

void requests_keep_line(struct requests *set, struct request *request, struct slice line)
{
    request->line = slice_copy(line);
    set->bytes += strlen(request->line);
}

void requests_clear(struct requests *set)
{
    while (set->first != NULL) {
        requests_remove(set, set->first);
    }
    free(set->buckets);
    *set = (struct requests){0};
}
