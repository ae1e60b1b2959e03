/*
 * Reads one line as it flows past, and finds out what kind of message it is and under which id: by the top-level members
 * alone, and no further than it takes. Judges nothing: what is no JSON comes out as ODD, or as whatever it looks like.
 */
#ifndef MPX_SCAN_H
#define MPX_SCAN_H

#include "text.h"

#include <stdbool.h>
#include <stddef.h>

enum line_kind { LINE_BLANK, LINE_REQUEST, LINE_NOTIFICATION, LINE_RESULT, LINE_ERROR, LINE_BATCH, LINE_ODD };

enum scan_place { AT_START, AT_NAME, IN_NAME, AT_COLON, AT_VALUE, IN_STRING, IN_PLAIN, IN_NEST, AFTER_VALUE, AT_END };
enum scan_member { MEMBER_OTHER, MEMBER_ID, MEMBER_METHOD, MEMBER_RESULT, MEMBER_ERROR };

/* A zeroed one stands at the start of a line. */
struct scan {
    enum scan_place place;
    enum scan_member member;
    bool escaped;
    bool quoted; /* in a string, within what is nested */
    size_t depth;
    struct text name;
    struct text id;     /* as it stands in the line: a number, or a string with its quotes */
    struct text method; /* likewise; what is too long for any method that matters is cut off */
    bool has_id;
    bool has_method;
    bool has_result;
    bool has_error;
    bool is_batch;
    bool is_odd;
};

/* To the start of the next line; memory is kept for it. */
void scan_begin(struct scan *scan);
void scan_free(struct scan *scan);

/* Reads on. To be called with pieces of one line, without its newline. */
void scan_feed(struct scan *scan, const char *bytes, size_t length);

/* What it is by what was read so far; only at the end of the line can it be neither more nor something else. */
enum line_kind scan_kind(const struct scan *scan);

/* The method, without quotes. */
bool scan_method_is(const struct scan *scan, const char *method);

/* The id as it stands in the line; empty if there is none. */
struct slice scan_id(const struct scan *scan);

#endif
