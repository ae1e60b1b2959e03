#include "name_server.h"

#include "environment.h"
#include "file.h"
#include "run.h"
#include "search.h"
#include "steady.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#if defined(__linux__)
#include <sys/random.h>
#endif
#include <sys/socket.h>
#include <unistd.h>

#define LARGEST_FILE (1u << 20)
#define MOST_SERVERS 3
#define ANSWER_LIMIT_MS 2000
#define ROUNDS 2
/* Whoever asks has a limit of its own. */
#define GETENT_LIMIT_MS 30000
#define DNS_PORT 53
#define LARGEST_PACKET 1232
#define HEADER 12
#define LARGEST_QUESTION (HEADER + 255 + 5)
#define LONGEST_LABEL 63
#define TYPE_A 1
#define TYPE_AAAA 28

static bool read_address(struct found_address *out, const char *text)
{
    out->family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;
    return inet_pton(out->family, text, out->bytes) == 1;
}

/* The first word of a line, copied into the line itself; the rest follows in *rest. */
static char *first_word(char *line, char **rest)
{
    static const char blanks[] = " \t\r";
    char *word = line + strspn(line, blanks);
    char *end = word + strcspn(word, blanks);
    *rest = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

static size_t by_hosts(struct found_address *out, size_t most, const char *name)
{
    struct text file;
    size_t count = 0;
    if (file_read("/etc/hosts", LARGEST_FILE, &file) && file.length > 0) {
        for (char *rest = file.bytes, *line; (line = strtok_r(rest, "\n", &rest)) != NULL && count < most;) {
            char *names;
            line[strcspn(line, "#")] = '\0';
            char *address = first_word(line, &names);
            bool is = false;
            while (*names != '\0' && !is) {
                is = strcasecmp(first_word(names, &names), name) == 0;
            }
            count += is && read_address(&out[count], address) ? 1 : 0;
        }
    }
    text_free(&file);
    return count;
}

/* ---- DNS (RFC 1035) */

/* One that a stranger who forges answers does not guess. */
static unsigned new_id(void)
{
#if defined(__linux__)
    uint16_t id;
    if (getrandom(&id, sizeof id, GRND_NONBLOCK) == (ssize_t) sizeof id) {
        return id;
    }
    return (unsigned) (random() ^ getpid()) & 0xffffu; /* the system has just booted, or is very old */
#else
    return arc4random() & 0xffffu;
#endif
}

/* A question for one name; its length, 0 for a name that can't be asked. */
static size_t write_question(unsigned char *packet, const char *name, int type, unsigned id)
{
    const unsigned char header[HEADER] = {(unsigned char) (id >> 8), (unsigned char) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    size_t at = HEADER;
    memcpy(packet, header, HEADER);
    while (*name != '\0') {
        size_t length = strcspn(name, ".");
        if (length == 0 || length > LONGEST_LABEL || at + length > 255) {
            return 0;
        }
        packet[at++] = (unsigned char) length;
        memcpy(packet + at, name, length);
        at += length;
        name += length + (name[length] == '.' ? 1 : 0);
    }
    const unsigned char end[] = {0, 0, (unsigned char) type, 0, 1};
    memcpy(packet + at, end, sizeof end);
    return at + sizeof end;
}

/* Behind the name at `at`; `length` where it does not end. */
static size_t skip_name(const unsigned char *packet, size_t length, size_t at)
{
    while (at < length && packet[at] != 0) {
        if (packet[at] >= 0xc0) {
            return at + 2;
        }
        at += packet[at] + 1u;
    }
    return at + 1;
}

static unsigned number(const unsigned char *at)
{
    return (unsigned) at[0] << 8 | at[1];
}

/* The addresses of an answer, under whatever name: the server has followed the aliases. */
static size_t read_answer(struct found_address *out, size_t most, const unsigned char *packet, size_t length, int type)
{
    size_t count = 0;
    size_t size = type == TYPE_A ? 4 : 16;
    unsigned left = number(packet + 6);
    size_t at = skip_name(packet, length, HEADER) + 4;
    for (; left > 0 && count < most; left--) {
        at = skip_name(packet, length, at);
        if (at + 10 > length || at + 10 + number(packet + at + 8) > length) {
            break;
        }
        size_t data = number(packet + at + 8);
        if ((int) number(packet + at) == type && data == size) {
            out[count].family = type == TYPE_A ? AF_INET : AF_INET6;
            memcpy(out[count++].bytes, packet + at + 10, size);
        }
        at += 10 + data;
    }
    return count;
}

/* Whether it is the answer to this question: nobody else's is believed. Servers may change the case of letters. */
static bool is_answer_to(const unsigned char *packet, size_t length, const unsigned char *question, size_t question_length)
{
    bool is = length >= question_length && number(packet) == number(question) && (packet[2] & 0x80) != 0 && number(packet + 4) == 1;
    for (size_t i = HEADER; is && i < question_length; i++) {
        is = tolower(packet[i]) == tolower(question[i]);
    }
    return is;
}

/* True once the server has answered this question, be it with nothing. */
static bool ask(const struct found_address *server, const char *name, int type, struct found_address *out, size_t most, size_t *count)
{
    unsigned char question[LARGEST_QUESTION];
    unsigned char packet[LARGEST_PACKET];
    size_t length = write_question(question, name, type, new_id());
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(DNS_PORT)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(DNS_PORT)};
    memcpy(&four.sin_addr, server->bytes, sizeof four.sin_addr);
    memcpy(&six.sin6_addr, server->bytes, sizeof six.sin6_addr);
    bool is_four = server->family == AF_INET;
    int fd = length == 0 ? -1 : socket(server->family, SOCK_DGRAM, 0);
    /* Connected, so that nobody else's packets are read. */
    bool asked = fd >= 0
        && connect(fd, is_four ? (struct sockaddr *) &four : (struct sockaddr *) &six, is_four ? sizeof four : sizeof six) == 0
        && send(fd, question, length, 0) == (ssize_t) length;
    int64_t end = steady_ms() + ANSWER_LIMIT_MS;
    bool answered = false;
    while (asked && !answered) {
        struct pollfd it = {.fd = fd, .events = POLLIN};
        if (poll(&it, 1, steady_left(end)) <= 0) {
            break;
        }
        ssize_t got = recv(fd, packet, sizeof packet, 0);
        if (got < 0) {
            break;
        }
        answered = is_answer_to(packet, (size_t) got, question, length);
        if (answered) {
            *count = read_answer(out, most, packet, (size_t) got, type);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return answered;
}

static size_t read_servers(struct found_address *out)
{
    struct text file;
    size_t count = 0;
    if (file_read("/etc/resolv.conf", LARGEST_FILE, &file) && file.length > 0) {
        for (char *rest = file.bytes, *line; (line = strtok_r(rest, "\n", &rest)) != NULL && count < MOST_SERVERS;) {
            char *value;
            char *unused;
            if (strcmp(first_word(line, &value), "nameserver") == 0 && read_address(&out[count], first_word(value, &unused))) {
                count++;
            }
        }
    }
    text_free(&file);
    return count;
}

/* False when no server has answered. */
static bool by_dns(struct found_address *out, size_t most, const char *name, int type, size_t *count)
{
    struct found_address servers[MOST_SERVERS];
    size_t servers_count = read_servers(servers);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < servers_count; i++) {
            if (ask(&servers[i], name, type, out, most, count)) {
                return true;
            }
        }
    }
    return false;
}

size_t name_server_find(struct found_address *out, size_t most, const char *name)
{
    size_t count = by_hosts(out, most, name);
    if (count == 0 && by_dns(out, most, name, TYPE_A, &count) && count == 0) {
        by_dns(out, most, name, TYPE_AAAA, &count);
    }
    return count;
}

/* ---- getent(1) */

/* Its lines are ADDRESS TYPE [NAME], one for each type of socket. */
static size_t read_addresses(struct found_address *out, size_t most, char *lines)
{
    size_t count = 0;
    for (char *rest = lines, *line; (line = strtok_r(rest, "\n", &rest)) != NULL && count < most;) {
        char *type;
        char *address = first_word(line, &type);
        if (strncmp(type + strspn(type, " \t"), "STREAM", 6) == 0 && read_address(&out[count], address)) {
            count++;
        }
    }
    return count;
}

size_t name_server_ask_system(struct found_address *out, size_t most, const char *name)
{
    static char ahosts[] = "ahosts";
    struct environment environment;
    struct run run;
    char *error = NULL;
    if (*name == '-' || !environment_read(&environment, &error)) {
        free(error);
        return 0;
    }
    char *getent = search_find("getent", &environment);
    char *copy = slice_copy(slice_of(name));
    char *command[] = {getent, ahosts, copy, NULL};
    size_t count = 0;
    if (getent != NULL) {
        bool ended = run_program(&run, command, -1, steady_ms() + GETENT_LIMIT_MS) == RUN_ENDED;
        count = ended && run.out.length > 0 ? read_addresses(out, most, run.out.bytes) : 0;
        run_free(&run);
    }
    free(copy);
    free(getent);
    environment_free(&environment);
    return count;
}
