#include "borrow.h"

#include "json.h"
#include "words.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BORROW_ID "mpx-borrow"
#define RETURN_ID "mpx-return"
#define DAEMON_LEAVES (-32016)
/* No list of locks is that long; one that is would not fit into a command line. */
#define MOST_LOCKS 256

static void add_words(struct text *text, char *const *words)
{
    text_add(text, "[");
    for (size_t i = 0; words[i] != NULL; i++) {
        text_add(text, i > 0 ? "," : "");
        text_add_json(text, words[i]);
    }
    text_add(text, "]");
}

void borrow_add(struct text *text, const struct terms *terms, int64_t wait_ms, bool resumes)
{
    text_add(text, "{\"jsonrpc\":\"2.0\",\"id\":\"" BORROW_ID "\",\"method\":\"mpx/borrow\",\"params\":{\"key\":");
    text_add_json(text, terms->key);
    text_add(text, ",\"command\":");
    add_words(text, terms->command);
    text_add(text, ",\"cwd\":");
    text_add_json(text, terms->directory);
    text_format(text, ",\"pid\":%ld", (long) getpid());
    if (wait_ms >= 0) {
        text_format(text, ",\"waitMs\":%lld", (long long) wait_ms);
    }
    if (terms->timeout_ms > 0) {
        text_format(text, ",\"timeoutMs\":%lld", (long long) terms->timeout_ms);
    }
    text_format(text, ",\"detached\":%s,\"resumes\":%s}}\n", terms->detached ? "true" : "false", resumes ? "true" : "false");
}

void borrow_add_return(struct text *text, long long job, int status)
{
    text_format(text, "{\"jsonrpc\":\"2.0\",\"id\":\"" RETURN_ID "\",\"method\":\"mpx/return\",\"params\":{\"job\":%lld,\"status\":%d}}\n",
                job, status);
}

void borrow_add_ping(struct text *text)
{
    text_add(text, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-ping\",\"method\":\"ping\"}\n");
}

static bool has_id(struct slice message, const char *id)
{
    char *text = json_member_text(message, "id");
    bool is = text != NULL && strcmp(text, id) == 0;
    free(text);
    return is;
}

/* 0 when there is none. */
static long long integer(struct slice object, const char *name)
{
    struct slice value;
    long long number = 0;
    return json_member(object, name, &value) && json_integer(value, &number) ? number : 0;
}

static void read_queued(struct reply *out, struct slice message)
{
    struct slice params;
    struct slice running;
    if (!json_member(message, "params", &params)) {
        return;
    }
    out->told = TOLD_QUEUED;
    out->job = integer(params, "job");
    out->ahead = integer(params, "ahead");
    if (json_member(params, "running", &running)) {
        out->running = integer(running, "job");
        out->command = json_member_text(running, "command");
        out->since = json_member_text(running, "since");
    }
}

static char **read_locks(struct slice result)
{
    struct slice array = {0};
    struct slice element;
    struct word_list locks = {0};
    json_member(result, "locks", &array);
    for (size_t place = 0; locks.count < MOST_LOCKS && array.length > 0 && json_element(array, &place, &element);) {
        char *lock = json_text(element);
        if (lock != NULL) {
            word_list_take(&locks, lock);
        }
    }
    return word_list_end(&locks);
}

static void refuse(struct reply *out, char *message)
{
    out->told = TOLD_REFUSED;
    out->message = message != NULL ? message : slice_copy(slice_of("The mpx daemon gave an answer that makes no sense."));
}

static void read_decision(struct reply *out, struct slice result)
{
    struct slice value;
    long long status = 0;
    char *outcome = json_member_text(result, "outcome");
    out->job = integer(result, "job");
    if (outcome != NULL && strcmp(outcome, "lent") == 0) {
        out->told = TOLD_LENT;
        out->locks = read_locks(result);
    } else if (outcome != NULL && strcmp(outcome, "joined") == 0) {
        out->told = TOLD_JOINED;
        out->has_status = json_member(result, "status", &value) && json_integer(value, &status);
        out->status = status >= 0 && status <= UCHAR_MAX ? (int) status : 1;
    } else {
        refuse(out, NULL);
    }
    free(outcome);
}

static void read_answer(struct reply *out, struct slice message)
{
    struct slice part;
    if (json_member(message, "result", &part)) {
        read_decision(out, part);
    } else if (json_member(message, "error", &part)) {
        if (integer(part, "code") == DAEMON_LEAVES) {
            out->told = TOLD_LEAVES;
        } else {
            refuse(out, json_member_text(part, "message"));
        }
    }
}

void reply_read(struct reply *out, const char *line)
{
    struct slice message;
    *out = (struct reply){.told = TOLD_NOTHING};
    if (!json_read(slice_of(line), &message)) {
        return;
    }
    char *method = json_member_text(message, "method");
    if (method != NULL) {
        if (strcmp(method, "mpx/queued") == 0) {
            read_queued(out, message);
        }
    } else if (has_id(message, BORROW_ID)) {
        read_answer(out, message);
    } else if (has_id(message, RETURN_ID)) {
        out->told = TOLD_RETURNED;
    }
    free(method);
}

void reply_free(struct reply *reply)
{
    words_free(reply->locks);
    free(reply->command);
    free(reply->since);
    free(reply->message);
    *reply = (struct reply){0};
}
