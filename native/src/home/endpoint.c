#include "endpoint.h"

#include "path.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define HIGHEST_PORT 65535

/* As Java's Integer.parseInt does, which takes a plus sign. 0 for what is no port. */
static int port_of(struct slice text)
{
    long port = 0;
    size_t at = text.length > 0 && *text.at == '+' ? 1 : 0;
    if (at == text.length) {
        return 0;
    }
    for (; at < text.length; at++) {
        if (text.at[at] < '0' || text.at[at] > '9') {
            return 0;
        }
        port = port * 10 + (text.at[at] - '0');
        if (port > HIGHEST_PORT) {
            return 0;
        }
    }
    return (int) port;
}

static bool is_plain_host(struct slice host)
{
    for (size_t i = 0; i < host.length; i++) {
        if ((unsigned char) host.at[i] <= ' ' || strchr("/?#@[]", host.at[i]) != NULL) {
            return false;
        }
    }
    return host.length > 0;
}

/* HOST[:PORT] or [V6][:PORT]; a path or a slash at the end is not part of the form. */
static bool read_host_and_port(struct endpoint *out, struct slice text)
{
    const char *close = text.length > 0 && *text.at == '[' ? memchr(text.at, ']', text.length) : NULL;
    size_t from = close == NULL ? 0 : (size_t) (close - text.at);
    const char *colon = text.length > 0 ? memchr(text.at + from, ':', text.length - from) : NULL;
    struct slice host = {.at = text.at, .length = colon == NULL ? text.length : (size_t) (colon - text.at)};
    if (close != NULL) {
        /* What stands behind the bracket, and is no port, is not part of it either. */
        bool is_whole = host.length == from + 1;
        host = (struct slice){.at = text.at + 1, .length = is_whole ? from - 1 : 0};
    }
    if (!is_plain_host(host)) {
        return false;
    }
    if (colon != NULL) {
        out->port = port_of((struct slice){.at = colon + 1, .length = text.length - (size_t) (colon + 1 - text.at)});
        if (out->port == 0) {
            return false;
        }
    }
    out->host = slice_copy(host);
    return true;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Without its %XX; NULL if one of them is none, or a zero byte, which no path holds. */
static char *decoded(const char *text)
{
    struct text out = {0};
    for (; *text != '\0'; text++) {
        char byte = *text;
        if (byte == '%') {
            int high = digit(text[1]);
            int low = high < 0 ? -1 : digit(text[2]);
            if (low < 0 || (high == 0 && low == 0)) {
                text_free(&out);
                return NULL;
            }
            byte = (char) (high * 16 + low);
            text += 2;
        }
        text_add_bytes(&out, &byte, 1);
    }
    return text_take(&out);
}

static bool read_ssh(struct endpoint *out, const char *rest)
{
    struct slice place = {.at = rest, .length = strcspn(rest, "?")};
    if (rest[place.length] == '?') {
        const char *home = word_after(rest + place.length + 1, "home=");
        out->home = home == NULL || *home == '\0' || strchr(home, '&') != NULL ? NULL : decoded(home);
        if (out->home == NULL || *out->home != '/') { /* in which directory it is looked for there, nobody here knows */
            return false;
        }
    }
    size_t behind_user = place.length;
    while (behind_user > 0 && place.at[behind_user - 1] != '@') {
        behind_user--;
    }
    /* ssh(1) would take a leading dash for an option. */
    if (behind_user == 1 || (place.length > 0 && *place.at == '-')) {
        return false;
    }
    struct slice host = {.at = place.at + behind_user, .length = place.length - behind_user};
    if (!read_host_and_port(out, host) || *out->host == '-') {
        return false;
    }
    out->user = behind_user > 0 ? slice_copy((struct slice){.at = place.at, .length = behind_user - 1}) : NULL;
    return true;
}

static bool read_unix(struct endpoint *out, const char *rest)
{
    const char *path = word_after(rest, "//") != NULL ? rest + 2 : rest;
    out->path = *path == '/' ? path_clean(path) : NULL;
    return out->path != NULL;
}

bool endpoint_parse(struct endpoint *out, const char *text)
{
    *out = (struct endpoint){0};
    const char *rest;
    bool known = false;
    if ((rest = word_after(text, "unix:")) != NULL) {
        out->kind = ENDPOINT_UNIX;
        known = read_unix(out, rest);
    } else if ((rest = word_after(text, "tcp://")) != NULL) {
        out->kind = ENDPOINT_TCP;
        known = read_host_and_port(out, slice_of(rest)) && out->port > 0;
    } else if ((rest = word_after(text, "ssh://")) != NULL) {
        out->kind = ENDPOINT_SSH;
        known = read_ssh(out, rest);
    }
    if (!known) {
        endpoint_free(out);
    }
    return known;
}

bool endpoint_read(struct endpoint *out, const char *text, char **error)
{
    if (endpoint_parse(out, text)) {
        return true;
    }
    struct text sentence = {0};
    text_format(&sentence,
                "mpx can't connect to \"%s\": an endpoint is unix:/absolute/path, tcp://HOST:PORT, or"
                " ssh://[USER@]HOST[:PORT][?home=/path].",
                text);
    *error = text_take(&sentence);
    return false;
}

static void add_host(struct text *out, const char *host)
{
    bool is_v6 = strchr(host, ':') != NULL;
    text_format(out, is_v6 ? "[%s]" : "%s", host);
}

static void add_encoded(struct text *out, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_/";
    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL) {
            text_add_bytes(out, path, 1);
        } else {
            text_format(out, "%%%02X", (unsigned) (unsigned char) *path);
        }
    }
}

char *endpoint_text(const struct endpoint *endpoint)
{
    struct text out = {0};
    if (endpoint->kind == ENDPOINT_UNIX) {
        text_format(&out, "unix:%s", endpoint->path);
        return text_take(&out);
    }
    text_add(&out, endpoint->kind == ENDPOINT_TCP ? "tcp://" : "ssh://");
    if (endpoint->user != NULL) {
        text_format(&out, "%s@", endpoint->user);
    }
    add_host(&out, endpoint->host);
    if (endpoint->port > 0) {
        text_format(&out, ":%d", endpoint->port);
    }
    if (endpoint->home != NULL) {
        text_add(&out, "?home=");
        add_encoded(&out, endpoint->home);
    }
    return text_take(&out);
}

void endpoint_free(struct endpoint *endpoint)
{
    free(endpoint->path);
    free(endpoint->user);
    free(endpoint->host);
    free(endpoint->home);
    *endpoint = (struct endpoint){0};
}
