#include "session.h"

#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TAG = 16, FIRST_ROOM = 64 * 1024, EXCERPT = 400 };

static const char INITIALIZE[] = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                                 "\"capabilities\":{},\"clientInfo\":{\"name\":\"driver\",\"version\":\"1\"}}}\n";
static const char INITIALIZED[] = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";

uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000000000 + (uint64_t) now.tv_nsec;
}

void broken(const char *what, const char *line, size_t length)
{
    fprintf(stderr, "driver: %s: %.*s\n", what, (int) (length < EXCERPT ? length : EXCERPT), line);
    exit(1);
}

static void broken_system(const char *what)
{
    broken(what, strerror(errno), strlen(strerror(errno)));
}

static char **numbered(char **command, unsigned number)
{
    size_t count = 0;
    while (command[count] != NULL) {
        count++;
    }
    char **words = calloc(count + 1, sizeof *words);
    for (size_t i = 0; words != NULL && i < count; i++) {
        char *mark = strstr(command[i], "%n");
        if (mark == NULL) {
            words[i] = command[i];
        } else if (asprintf(&words[i], "%.*s%u%s", (int) (mark - command[i]), command[i], number, mark + 2) < 0) {
            return NULL;
        }
    }
    return words;
}

void session_start(struct session *session, unsigned number, char **command)
{
    int in[2], out[2];
    char **words = numbered(command, number);
    if (words == NULL || pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        broken_system("a session can't be started");
    }
    *session = (struct session) {.number = number, .in = in[1], .out = out[0], .room = FIRST_ROOM, .buffer = malloc(FIRST_ROOM)};
    session->pid = fork();
    if (session->pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execvp(words[0], words);
        perror(words[0]);
        _exit(127);
    }
    if (session->pid < 0 || session->buffer == NULL) {
        broken_system("a session can't be started");
    }
    close(in[0]);
    close(out[1]);
    free(words);
}

static void say(struct session *session, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(session->in, text, length);
        if (written < 0) {
            broken_system("a session does not take what it is told");
        }
        text += written;
        length -= (size_t) written;
    }
}

/* Waits for some bytes, at most as many as there is room for. */
static void fill(struct session *session)
{
    if (session->length == session->room) {
        session->room *= 2;
        session->buffer = realloc(session->buffer, session->room);
        if (session->buffer == NULL) {
            broken_system("memory");
        }
    }
    ssize_t count = read(session->out, session->buffer + session->length, session->room - session->length);
    if (count <= 0) {
        broken("a session's stream has ended", session->buffer, session->length);
    }
    session->length += (size_t) count;
}

/* The first line that is complete, without its newline. */
static bool next_line(struct session *session, size_t from, struct text *line)
{
    size_t look = session->looked > from ? session->looked : from;
    char *newline = memchr(session->buffer + look, '\n', session->length - look);
    if (newline == NULL) {
        session->looked = session->length;
        return false;
    }
    *line = (struct text) {session->buffer + from, (size_t) (newline - session->buffer) - from};
    session->looked = from + line->length + 1;
    return true;
}

static void drop(struct session *session, size_t count)
{
    session->length -= count;
    memmove(session->buffer, session->buffer + count, session->length);
    session->looked = session->looked > count ? session->looked - count : 0;
}

/* Requests of the other side are answered with nothing, so that it waits for none; notifications are passed over. */
static bool is_others_message(struct session *session, struct text line)
{
    struct text method, id;
    if (!json_member(line, "method", &method)) {
        return false;
    }
    if (json_member_raw(line, "id", &id)) {
        char answer[256];
        int length = snprintf(answer, sizeof answer, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":{}}\n", (int) id.length, id.at);
        say(session, answer, (size_t) length);
    }
    return true;
}

void session_ask_initialize(struct session *session)
{
    say(session, INITIALIZE, sizeof INITIALIZE - 1);
}

void session_await_initialize(struct session *session)
{
    struct text line, value;
    for (;;) {
        while (!next_line(session, 0, &line)) {
            fill(session);
        }
        if (!is_others_message(session, line)) {
            break;
        }
        drop(session, line.length + 1);
    }
    if (json_number(line, "id", -1) != 0 || !json_member(line, "protocolVersion", &value)) {
        broken("no answer to initialize", line.at, line.length);
    }
    drop(session, line.length + 1);
    say(session, INITIALIZED, sizeof INITIALIZED - 1);
}

void session_load(struct session *session, struct load load)
{
    session->load = load;
    session->turn++;
    free(session->slots);
    session->slots = calloc(load.window, sizeof *session->slots);
    if (session->slots == NULL) {
        broken_system("memory");
    }
}

static void tag_of(const struct session *session, uint64_t id, char tag[TAG + 1])
{
    snprintf(tag, TAG + 1, "%05u%011" PRIu64, session->number % 100000, id % 100000000000);
}

static void call(struct session *session, unsigned slot)
{
    uint64_t id = ++session->turn * session->load.window + slot;
    char line[512], tag[TAG + 1];
    tag_of(session, id, tag);
    int length = snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"tools/call\",\"params\":{"
                          "\"name\":\"echo\",\"arguments\":{\"tag\":\"%s\",\"size\":%lu,\"us\":%lu}}}\n",
                          id, tag, session->load.size, session->load.work);
    session->on_their_way++;
    session->slots[slot] = (struct slot) {id, now_ns()};
    say(session, line, (size_t) length);
}

void session_call(struct session *session, unsigned calls)
{
    for (unsigned slot = 0; slot < session->load.window && calls > 0; slot++) {
        if (session->slots[slot].sent_ns == 0) {
            call(session, slot);
            calls--;
        }
    }
}

/* That it is the answer to this call: its id, its caller's tag, every byte of its text. */
static void check(struct session *session, struct text line, const struct slot *slot)
{
    struct text text;
    char tag[TAG + 1];
    tag_of(session, slot->id, tag);
    if (!json_member(line, "text", &text)) {
        broken("an answer without a result", line.at, line.length);
    }
    bool good = text.length == session->load.size && memcmp(text.at, tag, TAG) == 0;
    if (good && text.length > TAG) {
        const char *rest = text.at + TAG;
        good = *rest == 'x' && memcmp(rest, rest + 1, text.length - TAG - 1) == 0;
    }
    if (!good) {
        broken("a wrong answer", line.at, line.length);
    }
}

unsigned session_read(struct session *session, bool noted)
{
    fill(session);
    uint64_t now = now_ns();
    unsigned answers = 0;
    size_t done = 0;
    struct text line;
    while (next_line(session, done, &line)) {
        done += line.length + 1;
        if (is_others_message(session, line)) {
            continue;
        }
        long id = json_number(line, "id", -1);
        struct slot *slot = id < 0 ? NULL : &session->slots[(uint64_t) id % session->load.window];
        if (slot == NULL || slot->sent_ns == 0 || slot->id != (uint64_t) id) {
            broken("an answer that nobody waits for", line.at, line.length);
        }
        if (noted) {
            samples_add(&session->samples, now - slot->sent_ns);
        }
        check(session, line, slot);
        slot->sent_ns = 0;
        session->on_their_way--;
        answers++;
    }
    drop(session, done);
    return answers;
}

int session_nibble(struct session *session, size_t most)
{
    char chunk[4096];
    ssize_t count = read(session->out, chunk, most < sizeof chunk ? most : sizeof chunk);
    int lines = count < 0 ? -1 : 0;
    for (ssize_t i = 0; i < count; i++) {
        lines += chunk[i] == '\n';
    }
    return lines;
}

unsigned session_settle(struct session *session)
{
    unsigned answers = 0;
    while (session->on_their_way > 0) {
        answers += session_read(session, false);
    }
    return answers;
}

void session_end(struct session *session)
{
    close(session->in);
}

void session_reap(struct session *session, uint64_t until_ns)
{
    close(session->out);
    while (waitpid(session->pid, NULL, WNOHANG) == 0) {
        if (now_ns() > until_ns) {
            kill(session->pid, SIGKILL);
            waitpid(session->pid, NULL, 0);
            return;
        }
        usleep(1000);
    }
}
