/* As much of JSON as a benchmark needs: where a member's value stands in a line whose members' names occur nowhere else. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    const char *at;
    size_t length;
};

/* The value of the first member of that name: a string without its quotes, or a number. Peers may write it with spaces and in any
   order, so nothing is taken for granted but that no string holds an escape. */
bool json_member(struct text line, const char *name, struct text *value);

/* The same with its quotes, where it has any. */
bool json_member_raw(struct text line, const char *name, struct text *value);

/* The number that a member gives, else the other one. */
long json_number(struct text line, const char *name, long otherwise);

#endif
