#include "answers.h"

#include "json.h"

#define PARSE_ERROR (-32700)
#define INVALID_REQUEST (-32600)

const struct failure ANSWERS_DAEMON_GONE = {
    .code = DAEMON_GONE,
    .sent = true,
    .reason = "daemon-gone",
    .message = "The mpx daemon went away before it answered. The session goes on; whether this request was carried out is not"
               " known, so look before you repeat it."};

static void begin(struct text *out, struct slice id)
{
    text_add(out, "{\"jsonrpc\":\"2.0\",\"id\":");
    if (id.length > 0) {
        text_add_slice(out, id);
    } else {
        text_add(out, "null");
    }
}

static void refuse(struct text *out, struct slice id, const struct failure *failure, int64_t elapsed_ms, int64_t queued_ms)
{
    begin(out, id);
    text_format(out, ",\"error\":{\"code\":%d,\"message\":", failure->code);
    text_add_json(out, failure->message);
    text_add(out, ",\"data\":{\"mpx\":{\"reason\":");
    text_add_json(out, failure->reason);
    text_format(out, ",\"outcome\":\"%s\",\"elapsedMs\":%lld,\"queuedMs\":%lld", failure->sent ? "unknown" : "not-sent",
                (long long) elapsed_ms, (long long) queued_ms);
    if (failure->log != NULL && failure->log[0] == '[' && failure->log[1] != ']') {
        text_format(out, ",\"stderr\":%s", failure->log);
    }
    text_add(out, "}}}}");
}

void answers_refuse(struct text *out, struct slice id, const struct failure *failure, int64_t elapsed_ms, int64_t queued_ms)
{
    refuse(out, id, failure, elapsed_ms, queued_ms);
    text_add(out, "\n");
}

static bool ping(struct text *out, const struct scan *scan)
{
    if (scan_kind(scan) != LINE_REQUEST) {
        return false;
    }
    if (scan_method_is(scan, "ping")) {
        begin(out, scan_id(scan));
        text_add(out, ",\"result\":{}}");
        return true;
    }
    if (scan_method_is(scan, "server/discover")) {
        begin(out, scan_id(scan));
        text_add(out, ",\"error\":{\"code\":-32601,\"message\":\"Method not found: server/discover\"}}");
        return true;
    }
    return false;
}

bool answers_ping(struct text *out, const struct scan *scan)
{
    if (!ping(out, scan)) {
        return false;
    }
    text_add(out, "\n");
    return true;
}

static void malformed(struct text *out, const struct scan *scan, struct slice line)
{
    struct slice value;
    bool is_json = json_read(line, &value) && json_kind(value) != JSON_NOTHING;
    begin(out, scan_id(scan));
    text_format(out, ",\"error\":{\"code\":%d,\"message\":\"%s\"}}", is_json ? INVALID_REQUEST : PARSE_ERROR,
                is_json ? "This is no JSON-RPC message." : "This is not JSON.");
}

/* The answer to one message, without a newline. False when there is none. */
static bool refuse_message(struct text *out, const struct scan *scan, struct slice line, const struct failure *failure,
                           int64_t elapsed_ms)
{
    enum line_kind kind = scan_kind(scan);
    if (kind == LINE_REQUEST) {
        if (!ping(out, scan)) {
            refuse(out, scan_id(scan), failure, elapsed_ms, failure->sent ? 0 : elapsed_ms);
        }
        return true;
    }
    if (kind == LINE_ODD || kind == LINE_BATCH) {
        malformed(out, scan, line);
        return true;
    }
    return false;
}

static bool refuse_batch(struct text *out, struct slice line, const struct failure *failure, int64_t elapsed_ms)
{
    struct slice batch, element;
    size_t place = 0;
    size_t from = out->length;
    bool any = false;
    text_add(out, "[");
    while (json_read(line, &batch) && json_element(batch, &place, &element)) {
        struct scan one = {0};
        scan_feed(&one, element.at, element.length);
        size_t before = out->length;
        text_add(out, any ? "," : "");
        if (refuse_message(out, &one, element, failure, elapsed_ms)) {
            any = true;
        } else {
            out->length = before;
        }
        scan_free(&one);
    }
    text_add(out, "]");
    if (!any) {
        out->length = from;
    }
    return any;
}

void answers_refuse_line(struct text *out, const struct scan *scan, struct slice line, const struct failure *failure,
                         int64_t elapsed_ms)
{
    bool any = scan_kind(scan) == LINE_BATCH ? refuse_batch(out, line, failure, elapsed_ms)
                                             : refuse_message(out, scan, line, failure, elapsed_ms);
    if (any) {
        text_add(out, "\n");
    }
}

void answers_take_back(struct text *out, struct slice id)
{
    text_add(out, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":");
    text_add_slice(out, id);
    text_add(out, ",\"reason\":\"the mpx daemon has gone away\"}}\n");
}
