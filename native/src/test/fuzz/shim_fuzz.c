/*
 * A fuzzer over what the shim reads of other people's bytes: the line scanner, the look into JSON, and a session's memory.
 * `make fuzz` builds it with libFuzzer (clang); `make fuzz-replay` with any compiler, to run files and random changes of them.
 */
#include "answers.h"
#include "json_strict.h"
#include "memory.h"
#include "scan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds, const char *rule)
{
    if (!holds) {
        fprintf(stderr, "broken: %s\n", rule);
        abort();
    }
}

/* However a line is cut into pieces, it reads the same. */
static void read_in_pieces(const struct scan *whole, struct slice line, unsigned seed)
{
    struct scan scan = {0};
    size_t at = 0;
    while (at < line.length) {
        seed = seed * 1103515245u + 12345u;
        size_t piece = 1 + (seed >> 16) % 7;
        piece = piece < line.length - at ? piece : line.length - at;
        char *copy = slice_copy((struct slice){.at = line.at + at, .length = piece}); /* so that reading beyond it is seen */
        scan_feed(&scan, copy, piece);
        free(copy);
        at += piece;
    }
    check(scan_kind(&scan) == scan_kind(whole), "the kind does not depend on the pieces");
    check(slice_equals(scan_id(&scan), scan_id(whole)), "the id does not depend on the pieces");
    check(scan_method_is(&scan, "initialize") == scan_method_is(whole, "initialize"), "the method does not depend on the pieces");
    scan_free(&scan);
}

static bool can_be_id(struct slice value)
{
    return json_kind(value) == JSON_STRING || json_kind(value) == JSON_NUMBER;
}

/* Of what is JSON in every detail, the scanner says what it says. */
static void compare(const struct scan *scan, struct slice line)
{
    struct slice value, id, method;
    if (!json_strict_read(line, &value) || json_kind(value) != JSON_OBJECT) {
        return;
    }
    check(!scan->is_odd, "an object is not odd");
    if (json_member(value, "id", &id) && can_be_id(id) && scan_kind(scan) != LINE_ODD && scan_kind(scan) != LINE_NOTIFICATION) {
        check(slice_equals(scan_id(scan), id), "the id is the first member of that name");
    }
    if (scan_kind(scan) == LINE_REQUEST && json_member(value, "method", &method) && json_kind(method) == JSON_STRING) {
        char *text = json_text(method);
        check(text == NULL || method.length > 60 || scan_method_is(scan, text), "the method is the first member of that name");
        free(text);
    }
}

static void remember(const struct scan *scan, struct slice line, struct memory *memory)
{
    struct text out = {0};
    static const struct failure failure = {.code = NO_DAEMON, .reason = "no-daemon", .message = "none"};
    memory_said(memory, scan, line, 1, 0);
    memory_heard(memory, scan, line);
    memory_unsaid(memory, scan, line);
    answers_refuse_line(&out, scan, line, &failure, 1);
    check(out.length == 0 || out.bytes[out.length - 1] == '\n', "an answer is a whole line");
    check(out.length == 0 || memchr(out.bytes, '\n', out.length - 1) == NULL, "an answer is one line");
    out.length = 0;
    memory_restore(memory, &out);
    text_free(&out);
}

static void forget(struct memory *memory)
{
    requests_clear(&memory->asked);
    requests_clear(&memory->served);
    requests_clear(&memory->again);
    free(memory->initialize);
    free(memory->initialized);
    free(memory->level);
    while (memory->subscriptions != NULL) {
        struct subscription *next = memory->subscriptions->next;
        free(memory->subscriptions->uri);
        free(memory->subscriptions->line);
        free(memory->subscriptions);
        memory->subscriptions = next;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct memory memory = {0};
    struct scan scan = {0};
    const char *at = (const char *) data, *end = at + size;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t) (end - at));
        struct slice line = {.at = at, .length = (size_t) ((newline == NULL ? end : newline) - at)};
        scan_begin(&scan);
        scan_feed(&scan, line.at, line.length);
        read_in_pieces(&scan, line, (unsigned) size);
        compare(&scan, line);
        remember(&scan, line, &memory);
        at = newline == NULL ? end : newline + 1;
    }
    scan_free(&scan);
    forget(&memory);
    return 0;
}
