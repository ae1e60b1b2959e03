#include "down.h"

#include "bounds.h"

#include <string.h>
#include <unistd.h>

void down_init(struct down *down, struct memory *memory)
{
    *down = (struct down){.agent = wire_of_output(STDOUT_FILENO), .memory = memory};
}

bool down_has_room(const struct down *down)
{
    return down->whole < MOST_PENDING && down->welcome != WELCOME_GIVEN && down->welcome != WELCOME_DENIED;
}

bool down_has_pending(const struct down *down)
{
    return down->whole > 0;
}

bool down_is_full(const struct down *down)
{
    return down->whole + down->later.length >= MOST_PENDING;
}

/* Whether this line is the answer to the repeated handshake. */
static bool is_welcome(struct down *down, struct slice line)
{
    enum line_kind kind = scan_kind(&down->scan);
    const char *handshake = memory_handshake(down->memory);
    if (down->welcome != WELCOME_AWAITED || (kind != LINE_RESULT && kind != LINE_ERROR) || handshake == NULL) {
        return false;
    }
    struct scan asked = {0};
    scan_feed(&asked, handshake, strlen(handshake));
    bool same = slice_equals(scan_id(&asked), scan_id(&down->scan));
    scan_free(&asked);
    if (same) {
        down->welcome = kind == LINE_RESULT ? WELCOME_GIVEN : WELCOME_DENIED;
        down->denial.length = 0;
        text_add_slice(&down->denial, line);
    }
    return same;
}

static void say_what_waited(struct down *down)
{
    if (!down->cut && down->later.length > 0) {
        buffer_insert(&down->bytes, down->whole, down->later.bytes, down->later.length);
        down->whole += down->later.length;
        down->searched += down->later.length;
        down->later.length = 0;
    }
}

/* The line at `whole`, its newline `length` bytes behind. */
static void end_line(struct down *down, size_t length)
{
    const char *from = down->bytes.bytes + down->bytes.from + down->whole;
    scan_feed(&down->scan, from, length);
    struct slice line = {.at = from, .length = down->cut ? 0 : length};
    if (!is_welcome(down, line) && (memory_heard(down->memory, &down->scan, line) || down->cut)) {
        down->whole += length + 1;
    } else {
        buffer_cut(&down->bytes, down->whole, length + 1);
    }
    down->cut = false;
    down->lines++;
    scan_begin(&down->scan);
    down->searched = down->whole;
    say_what_waited(down);
}

/* No newline so far behind `whole`: it waits for one, unless it is too long for that. */
static void go_on(struct down *down)
{
    size_t length = buffer_length(&down->bytes) - down->whole;
    size_t longest = down->welcome == WELCOME_AWAITED ? LONGEST_WELCOME : LONGEST_LINE;
    if (down->cut || length >= longest) {
        scan_feed(&down->scan, down->bytes.bytes + down->bytes.from + down->whole, length);
        down->cut = true;
        down->whole += length;
    }
    down->searched = down->whole + (down->cut ? 0 : length);
}

static void read_on(struct down *down)
{
    while (down->searched < buffer_length(&down->bytes) && down->welcome != WELCOME_GIVEN && down->welcome != WELCOME_DENIED) {
        const char *at = down->bytes.bytes + down->bytes.from + down->searched;
        const char *newline = memchr(at, '\n', buffer_length(&down->bytes) - down->searched);
        if (newline == NULL) {
            go_on(down);
            return;
        }
        end_line(down, down->searched - down->whole + (size_t) (newline - at));
    }
}

void down_take(struct down *down, const char *bytes, size_t length)
{
    buffer_insert(&down->bytes, buffer_length(&down->bytes), bytes, length);
    read_on(down);
}

enum wire_result down_read(struct down *down, const struct wire *daemon)
{
    size_t count;
    bool is_long = down->cut || buffer_length(&down->bytes) - down->whole >= CHUNK; /* the line in the middle */
    buffer_reserve(&down->bytes, CHUNK);
    size_t most = is_long ? down->bytes.room - down->bytes.to : CHUNK;
    enum wire_result result = wire_read(daemon, down->bytes.bytes + down->bytes.to, most, &count);
    down->bytes.to += count;
    if (count > 0) {
        read_on(down);
    }
    return result;
}

void down_await_welcome(struct down *down)
{
    down->welcome = WELCOME_AWAITED;
}

void down_welcomed(struct down *down)
{
    down->welcome = WELCOME_NOT_AWAITED;
    read_on(down);
}

void down_say(struct down *down, const struct text *lines)
{
    text_add_bytes(&down->later, text_chars(lines), lines->length);
    say_what_waited(down);
}

void down_lose(struct down *down)
{
    buffer_cut(&down->bytes, down->whole, buffer_length(&down->bytes) - down->whole);
    down->searched = down->whole;
    down->welcome = WELCOME_NOT_AWAITED;
    scan_begin(&down->scan);
    if (down->cut) {
        down->cut = false;
        buffer_insert(&down->bytes, down->whole, "\n", 1);
        down->whole++;
        down->searched++;
    }
    say_what_waited(down);
}

enum wire_result down_write(struct down *down, bool ready)
{
    size_t count;
    const char *from = down->bytes.bytes + down->bytes.from;
    enum wire_result result = wire_write(&down->agent, ready, from, down->whole, &count);
    down->whole -= count;
    down->searched -= count;
    buffer_drop(&down->bytes, count);
    return result;
}
