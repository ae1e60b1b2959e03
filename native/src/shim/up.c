#include "up.h"

#include "bounds.h"

#include <string.h>
#include <unistd.h>

static const struct failure NO_ROOM = {
    .code = NOT_SENT,
    .reason = "too-much-waits",
    .message = "The mpx daemon is away, and too much waits for the next one already. Nothing of this request was sent; repeat it"
               " in a moment."};

void up_init(struct up *up, struct memory *memory, struct down *down)
{
    *up = (struct up){.agent = wire_of_input(STDIN_FILENO), .memory = memory, .down = down};
}

bool up_has_pending(const struct up *up)
{
    return up->whole > up->sent;
}

bool up_has_room(const struct up *up, enum fate fate)
{
    size_t length = buffer_length(&up->bytes);
    if (fate == FATE_SENT && up_has_pending(up) && length >= MOST_PENDING) {
        return false;
    }
    return length < LONGEST_LINE || fate == FATE_KEPT || fate == FATE_REFUSED;
}

static const char *front(const struct up *up)
{
    return up->bytes.bytes + up->bytes.from;
}

/* ---- when bytes came */

static void mark(struct up *up, int64_t now)
{
    size_t end = buffer_length(&up->bytes);
    if (up->mark_count == MARKS || (up->mark_count > 0 && up->marks[up->mark_count - 1].ms == now)) {
        up->marks[up->mark_count - 1].end = end;
    } else {
        up->marks[up->mark_count++] = (struct mark){.end = end, .ms = now};
    }
}

/* When the byte at this place came. */
static int64_t time_of(const struct up *up, size_t place, int64_t now)
{
    for (size_t i = 0; i < up->mark_count; i++) {
        if (place < up->marks[i].end) {
            return up->marks[i].ms;
        }
    }
    return now;
}

static void shift_marks(struct up *up, size_t at, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < up->mark_count; i++) {
        struct mark each = up->marks[i];
        each.end = each.end >= at + length ? each.end - length : each.end > at ? at : each.end;
        if (each.end > 0) {
            up->marks[kept++] = each;
        }
    }
    up->mark_count = kept;
}

/* Takes bytes out of the buffer; none of them has been sent only in part. */
static void take_out(struct up *up, size_t at, size_t length)
{
    shift_marks(up, at, length);
    if (at == 0) {
        buffer_drop(&up->bytes, length);
    } else {
        buffer_cut(&up->bytes, at, length);
    }
}

static void drop_front(struct up *up, size_t length)
{
    take_out(up, 0, length);
    up->whole -= length < up->whole ? length : up->whole;
    up->looked -= length < up->looked ? length : up->looked;
    up->sent -= length < up->sent ? length : up->sent;
}

/* ---- to the daemon */

/* `length` more bytes of the current line went out, or up to its newline. */
static void went_out(struct up *up, size_t count, int64_t now)
{
    while (count > 0) {
        const char *from = front(up) + up->sent;
        const char *newline = memchr(from, '\n', count);
        size_t piece = newline == NULL ? count : (size_t) (newline - from);
        scan_feed(&up->scan, from, piece);
        if (newline == NULL) {
            up->sent += piece;
            count = 0;
        } else {
            size_t length = up->sent + piece;
            int64_t read_ms = time_of(up, length, now);
            struct slice line = {.at = front(up), .length = up->cut ? 0 : length};
            memory_said(up->memory, &up->scan, line, read_ms, now - read_ms);
            drop_front(up, length + 1);
            up->cut = false;
            scan_begin(&up->scan);
            count -= piece + 1;
        }
    }
    if (up->cut) {
        drop_front(up, up->sent);
    }
}

enum wire_result up_write(struct up *up, const struct wire *daemon, int64_t now)
{
    if (!up_has_pending(up)) {
        if (up->sent > 0 || up->cut || buffer_length(&up->bytes) < LONGEST_LINE) {
            return WIRE_DONE;
        }
        up->cut = true;
        up->whole = buffer_length(&up->bytes);
    }
    size_t count;
    enum wire_result result = wire_write(daemon, true, front(up) + up->sent, up->whole - up->sent, &count);
    went_out(up, count, now);
    return result;
}

/* ---- what is not sent */

static void say_refused(struct up *up, const struct scan *scan, struct slice line, const struct failure *failure, int64_t elapsed_ms)
{
    struct text answer = {0};
    answers_refuse_line(&answer, scan, line, failure, elapsed_ms);
    memory_unsaid(up->memory, scan, line);
    down_say(up->down, &answer);
    text_free(&answer);
}

/* Feeds what is being dropped, from the place on. When its end is there, it is answered. */
static void drop_on(struct up *up, size_t at, const struct failure *failure)
{
    const char *from = front(up) + at;
    size_t rest = buffer_length(&up->bytes) - at;
    const char *newline = rest > 0 ? memchr(from, '\n', rest) : NULL;
    size_t piece = newline == NULL ? rest : (size_t) (newline - from);
    scan_feed(&up->dropped, from, piece);
    if (newline != NULL) {
        say_refused(up, &up->dropped, (struct slice){0}, up->dropped_sent ? &ANSWERS_DAEMON_GONE : failure, 0);
        scan_begin(&up->dropped);
        up->drops = false;
        piece++;
    }
    take_out(up, at, piece);
}

/* The line at this place of the buffer won't be sent. */
static void refuse_line(struct up *up, size_t at, size_t length, const struct failure *failure, int64_t now)
{
    struct scan scan = {0};
    struct slice line = {.at = front(up) + at, .length = length};
    scan_feed(&scan, line.at, line.length);
    say_refused(up, &scan, line, failure, now - time_of(up, at + length, now));
    scan_free(&scan);
    take_out(up, at, length + 1);
}

static void find_whole_lines(struct up *up, size_t from)
{
    const char *bytes = front(up);
    size_t end = buffer_length(&up->bytes);
    while (end > from && bytes[end - 1] != '\n') {
        end--;
    }
    if (end > from) {
        up->whole = end;
    } else if (up->cut && up->whole == from && (from == 0 || bytes[from - 1] != '\n')) {
        up->whole = buffer_length(&up->bytes); /* all of it belongs to that line, which goes on */
    }
}

/* A whole line of which only a part is out. The next daemon gets all of an `initialize`. */
static void lose_begun(struct up *up, int64_t now)
{
    const char *newline = memchr(front(up) + up->sent, '\n', buffer_length(&up->bytes) - up->sent);
    size_t length = (size_t) (newline - front(up));
    struct scan scan = {0};
    scan_feed(&scan, front(up), length);
    bool is_handshake = scan_method_is(&scan, "initialize");
    scan_free(&scan);
    if (!is_handshake) {
        refuse_line(up, 0, length, &ANSWERS_DAEMON_GONE, now);
        up->whole -= length + 1;
    }
}

void up_lose(struct up *up, int64_t now)
{
    if (up->cut) {
        struct scan scan = up->dropped;
        up->dropped = up->scan;
        up->scan = scan;
        up->drops = true;
        up->dropped_sent = true;
        up->cut = false;
        up->whole = 0;
        up->sent = 0;
        drop_on(up, 0, &ANSWERS_DAEMON_GONE);
        if (!up->drops) {
            find_whole_lines(up, 0);
        }
    } else if (up->sent > 0) {
        lose_begun(up, now);
        up->sent = 0;
    }
    scan_begin(&up->scan);
    up->looked = 0;
}

static bool is_answered_here(struct up *up, size_t at, size_t length)
{
    struct scan scan = {0};
    struct text answer = {0};
    scan_feed(&scan, front(up) + at, length);
    bool answered = answers_ping(&answer, &scan);
    if (answered) {
        down_say(up->down, &answer);
    }
    scan_free(&scan);
    text_free(&answer);
    return answered;
}

void up_settle(struct up *up, enum fate fate, const struct failure *failure, bool pings, int64_t now)
{
    if (fate == FATE_SENT || (fate == FATE_WAITS && !pings)) {
        return;
    }
    if (fate == FATE_REFUSED) {
        up->looked = 0;
    }
    while (up->looked < up->whole) {
        const char *from = front(up) + up->looked;
        size_t length = (size_t) ((const char *) memchr(from, '\n', up->whole - up->looked) - from);
        if (fate == FATE_REFUSED || (fate == FATE_KEPT && up->looked + length + 1 > LONGEST_LINE)) {
            refuse_line(up, up->looked, length, fate == FATE_REFUSED ? failure : &NO_ROOM, now);
            up->whole -= length + 1;
        } else if (pings && is_answered_here(up, up->looked, length)) {
            take_out(up, up->looked, length + 1);
            up->whole -= length + 1;
        } else {
            up->looked += length + 1;
        }
    }
    if (fate != FATE_WAITS && !up->drops && buffer_length(&up->bytes) >= LONGEST_LINE && buffer_length(&up->bytes) > up->whole) {
        up->drops = true;
        up->dropped_sent = false;
        drop_on(up, up->whole, fate == FATE_REFUSED ? failure : &NO_ROOM);
    }
}

/* ---- from the agent */

void up_read(struct up *up, const struct failure *failure, int64_t now)
{
    size_t held = buffer_length(&up->bytes);
    size_t most = held < LONGEST_LINE && LONGEST_LINE - held < CHUNK ? LONGEST_LINE - held : CHUNK;
    size_t count;
    buffer_reserve(&up->bytes, most);
    enum wire_result result = wire_read(&up->agent, up->bytes.bytes + up->bytes.to, most, &count);
    up->ended = result == WIRE_ENDED;
    if (up->ended && up->in_line) {
        up->bytes.bytes[up->bytes.to] = '\n'; /* what an agent's last line lacks */
        count = 1;
    }
    if (count == 0) {
        return;
    }
    up->bytes.to += count;
    up->in_line = up->bytes.bytes[up->bytes.to - 1] != '\n';
    mark(up, now);
    if (up->drops) {
        drop_on(up, held, failure == NULL ? &NO_ROOM : failure);
    }
    if (buffer_length(&up->bytes) > held) {
        find_whole_lines(up, held);
    }
}
