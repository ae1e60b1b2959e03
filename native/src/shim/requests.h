/* Open requests of one side, in the order they were asked, found by their ids. */
#ifndef MPX_REQUESTS_H
#define MPX_REQUESTS_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* What the answer means to the shim itself. */
enum purpose { ASKS_ANYTHING, ASKS_INITIALIZE, ASKS_LEVEL, ASKS_SUBSCRIBE, ASKS_UNSUBSCRIBE };

struct request {
    struct request *next; /* in order */
    struct request *previous;
    struct request *in_bucket;
    enum purpose purpose;
    char *line;      /* for a purpose: what was asked, without its newline */
    int64_t read_ms; /* when the shim had all of it */
    int64_t wait_ms; /* how long it then waited for a daemon */
    size_t length;
    char id[]; /* as it stood in the line */
};

/* A zeroed one is empty. */
struct requests {
    struct request *first;
    struct request *last;
    struct request **buckets;
    size_t bucket_count;
    size_t count;
    size_t bytes; /* of ids and lines */
};

/* Two under one id are two. */
struct request *requests_add(struct requests *set, struct slice id);

/* The oldest under this id, or NULL. Ids count by what they mean: "a" and its escaped spelling are one. */
struct request *requests_find(const struct requests *set, struct slice id);
struct request *requests_find_youngest(const struct requests *set, struct slice id);

void requests_remove(struct requests *set, struct request *request);

/* Keeps a copy of the request's line. */
void requests_keep_line(struct requests *set, struct request *request, struct slice line);

void requests_clear(struct requests *set);

#endif
