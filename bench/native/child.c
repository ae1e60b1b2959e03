/*
 * The trivial server that everything is measured on: MCP over stdio, one request after the other, as little work as can be.
 *
 * Its tool `echo` gives back a text of `size` bytes that begins with the caller's `tag`, after having worked for `us`
 * microseconds; `stall` answers only after `ms` milliseconds.
 */
#include "json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { TAG = 16, SMALL = 32 * 1024 };

static const char TOOLS[] = "{\"tools\":[{\"name\":\"echo\",\"description\":\"Gives back a text of the size asked for.\","
                            "\"inputSchema\":{\"type\":\"object\"}},{\"name\":\"stall\",\"description\":\"Answers late.\","
                            "\"inputSchema\":{\"type\":\"object\"}}]}";

static char *filling;
static size_t filled;

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void write_all(struct iovec *parts, int count)
{
    while (count > 0) {
        ssize_t written = writev(STDOUT_FILENO, parts, count);
        if (written < 0) {
            fail("child: write");
        }
        size_t left = (size_t) written;
        while (count > 0 && left >= parts->iov_len) {
            left -= parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (char *) parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
}

static void answer(struct text id, const char *member, const char *json)
{
    char line[2048];
    int length = snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"%s\":%s}\n", (int) id.length, id.at, member, json);
    struct iovec part = {line, (size_t) length};
    write_all(&part, 1);
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void work(long us)
{
    for (int64_t end = now_ns() + us * 1000; us > 0 && now_ns() < end;) {
    }
}

static void echo(struct text line, struct text id)
{
    long asked = json_number(line, "size", TAG);
    size_t more = asked > TAG ? (size_t) asked - TAG : 0;
    if (more > filled) {
        filling = realloc(filling, more);
        if (filling == NULL) {
            fail("child: memory");
        }
        memset(filling, 'x', more);
        filled = more;
    }
    work(json_number(line, "us", 0));
    struct text tag;
    if (!json_member(line, "tag", &tag) || tag.length != TAG) {
        answer(id, "error", "{\"code\":-32602,\"message\":\"no tag\"}");
        return;
    }
    static char head[SMALL + 1024];
    size_t length = (size_t) snprintf(head, sizeof head, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":{\"content\":[{\"type\":\"text\","
                                      "\"text\":\"%.*s", (int) id.length, id.at, TAG, tag.at);
    static char tail[] = "\"}]}}\n";
    if (more <= SMALL - length) {
        memcpy(head + length, filling, more);
        memcpy(head + length + more, tail, sizeof tail - 1);
        struct iovec part = {head, length + more + sizeof tail - 1};
        write_all(&part, 1);
    } else {
        struct iovec parts[] = {{head, length}, {filling, more}, {tail, sizeof tail - 1}};
        write_all(parts, 3);
    }
}

static void initialize(struct text line, struct text id)
{
    struct text revision;
    if (!json_member(line, "protocolVersion", &revision)) {
        revision = (struct text) {"2025-06-18", 10};
    }
    char result[256];
    snprintf(result, sizeof result, "{\"protocolVersion\":\"%.*s\",\"capabilities\":{\"tools\":{}},\"serverInfo\":"
             "{\"name\":\"child\",\"version\":\"1\"}}", (int) revision.length, revision.at);
    answer(id, "result", result);
}

static bool is(struct text value, const char *word)
{
    return value.length == strlen(word) && memcmp(value.at, word, value.length) == 0;
}

static void take(struct text line)
{
    struct text id, method, tool;
    if (!json_member_raw(line, "id", &id) || !json_member(line, "method", &method)) {
        return;
    }
    if (is(method, "tools/call") && json_member(line, "name", &tool)) {
        if (is(tool, "stall")) {
            usleep((useconds_t) json_number(line, "ms", 0) * 1000);
        }
        echo(line, id);
    } else if (is(method, "initialize")) {
        initialize(line, id);
    } else if (is(method, "tools/list")) {
        answer(id, "result", TOOLS);
    } else if (is(method, "ping")) {
        answer(id, "result", "{}");
    } else {
        answer(id, "error", "{\"code\":-32601,\"message\":\"no such method\"}");
    }
}

int main(void)
{
    static char input[1 << 20];
    size_t length = 0;
    ssize_t count;
    while ((count = read(STDIN_FILENO, input + length, sizeof input - length)) > 0) {
        length += (size_t) count;
        char *line = input, *newline;
        while ((newline = memchr(line, '\n', length - (size_t) (line - input))) != NULL) {
            take((struct text) {line, (size_t) (newline - line)});
            line = newline + 1;
        }
        length -= (size_t) (line - input);
        memmove(input, line, length);
        if (length == sizeof input) {
            fputs("child: a request is too long\n", stderr);
            return 1;
        }
    }
    return 0;
}
