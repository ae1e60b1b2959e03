#include "ssh_words.h"

#include "shell_words.h"
#include "ssh_command.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define MOST_LAST 600
#define COMPARE \
    "Compare its fingerprint with what the host itself says: for k in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf \"$k\"; done."

/* The next line without its end; *at is NULL behind the last one. */
static struct slice next_line(const char **at)
{
    struct slice line = {.at = *at, .length = strcspn(*at, "\r\n")};
    const char *end = line.at + line.length;
    end += strspn(end, "\r\n");
    *at = *end == '\0' ? NULL : end;
    return line;
}

static bool begins(struct slice line, const char *with)
{
    return line.length >= strlen(with) && memcmp(line.at, with, strlen(with)) == 0;
}

/* How it goes on, and what frames a warning. */
static bool is_report(struct slice line)
{
    return line.length == 0 || begins(line, "debug") || begins(line, "@") || begins(line, "OpenSSH_") || begins(line, "Authenticated to")
        || begins(line, "Transferred:") || begins(line, "Bytes per second");
}

void ssh_words_add_last(struct text *out, const char *err)
{
    struct text all = {0};
    for (const char *at = *err == '\0' ? NULL : err; at != NULL;) {
        struct slice line = next_line(&at);
        if (!is_report(line)) {
            text_add(&all, all.length > 0 ? " " : "");
            text_add_slice(&all, line);
        }
    }
    const char *last = text_chars(&all);
    text_add(out, all.length > MOST_LAST ? last + all.length - MOST_LAST : last);
    text_free(&all);
}

/* What stands between the two on the first line that has both, else nothing; `to` may be "", the line's end. */
static struct slice between(const char *err, const char *from, const char *to)
{
    const char *found = strstr(err, from);
    if (found == NULL) {
        return (struct slice){.at = "", .length = 0};
    }
    found += strlen(from);
    size_t length = strcspn(found, "\r\n");
    const char *end = *to == '\0' ? NULL : strstr(found, to);
    if (end != NULL && end < found + length) {
        length = (size_t) (end - found);
    }
    return (struct slice){.at = found, .length = length};
}

static void add_shown(struct text *out, const char *err)
{
    struct slice shown = between(err, "debug1: Server host key: ", "");
    if (shown.length > 0) {
        text_format(out, ": it shows %.*s", (int) shown.length, shown.at);
    }
    text_add(out, ". " COMPARE);
}

static void add_unknown(struct text *out, const struct endpoint *endpoint, const char *err)
{
    struct slice name = between(err, "host key is known for ", " and you have");
    text_format(out, "The host key of %.*s is not known, so nothing was sent there", (int) name.length, name.at);
    add_shown(out, err);
    text_add(out, " If it is the same, accept it with: ");
    ssh_command_add_by_hand(out, endpoint);
}

static void add_changed(struct text *out, const struct endpoint *endpoint, const char *err)
{
    struct slice name = between(err, "Host key for ", " has changed");
    char *known = slice_copy(name);
    text_format(out, "The host key of %s HAS CHANGED, so nothing was sent there", known);
    add_shown(out, err);
    const char *offending = strstr(err, "Offending ");
    struct slice place = between(offending == NULL ? "" : offending, " in ", "");
    size_t file = place.length;
    while (file > 0 && place.at[file - 1] != ':') {
        file--;
    }
    text_add(out, " Either the host was installed anew, or somebody stands in between. Only if it is the same, accept it with: ssh-keygen -R ");
    shell_add_word(out, known);
    if (file > 1) {
        char *path = slice_copy((struct slice){.at = place.at, .length = file - 1});
        text_add(out, " -f ");
        shell_add_word(out, path);
        free(path);
    }
    text_add(out, " && ");
    ssh_command_add_by_hand(out, endpoint);
    free(known);
}

static size_t add_keys(struct text *out, const char *err)
{
    static const char offering[] = "debug1: Offering public key: ";
    size_t count = 0;
    for (const char *at = *err == '\0' ? NULL : err; at != NULL;) {
        struct slice line = next_line(&at);
        if (begins(line, offering)) {
            size_t skip = sizeof offering - 1;
            text_format(out, "%s%.*s", count == 0 ? " These keys were shown: " : ", ", (int) (line.length - skip), line.at + skip);
            count++;
        }
    }
    text_add(out, count > 0 ? "." : "");
    return count;
}

static void add_denied(struct text *out, const struct endpoint *endpoint, const char *err)
{
    struct slice user = between(err, "' as '", "'");
    if (user.length == 0) {
        user = between(err, " as '", "'");
    }
    text_format(out, "%s does not let user %.*s in.", endpoint->host, user.length > 0 ? (int) user.length : 1, user.length > 0 ? user.at : "?");
    if (add_keys(out, err) == 0) {
        const char *agent = getenv("SSH_AUTH_SOCK");
        text_format(out, " No key was shown: none was found that needs no passphrase, and %s.",
                    agent == NULL || *agent == '\0' ? "no ssh-agent is set (SSH_AUTH_SOCK)" : "the ssh-agent offered none");
    }
    if (strstr(err, "UNPROTECTED PRIVATE KEY FILE") != NULL) {
        struct slice file = between(err, "Permissions ", "");
        text_format(out, " A key was left out: Permissions %.*s", (int) file.length, file.at);
    }
    text_add(out, " Put a key's public line into ~/.ssh/authorized_keys there, or name another key in ~/.ssh/config here (IdentityFile).");
}

static void add_unreachable(struct text *out, const struct endpoint *endpoint, const char *err)
{
    struct text last = {0};
    ssh_words_add_last(&last, err);
    text_format(out, "No SSH connection to %s can be made: %s", endpoint->host, last.length > 0 ? last.bytes : "ssh gave no reason");
    if (last.length == 0 || last.bytes[last.length - 1] != '.') {
        text_add(out, ".");
    }
    text_free(&last);
}

char *ssh_words(const struct endpoint *endpoint, const char *err)
{
    struct text out = {0};
    if (strstr(err, "host key is known for ") != NULL) {
        add_unknown(&out, endpoint, err);
    } else if (strstr(err, "HOST IDENTIFICATION HAS CHANGED") != NULL) {
        add_changed(&out, endpoint, err);
    } else if (strstr(err, "REVOKED HOST KEY") != NULL) {
        text_format(&out, "The host key that %s shows is marked @revoked in known_hosts: do not trust that host.", endpoint->host);
    } else if (strstr(err, "Permission denied (") != NULL || strstr(err, "Too many authentication failures") != NULL) {
        add_denied(&out, endpoint, err);
    } else {
        add_unreachable(&out, endpoint, err);
    }
    return text_take(&out);
}
