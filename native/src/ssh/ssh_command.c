#include "ssh_command.h"

#include "environment.h"
#include "search.h"
#include "shell_words.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What counts for every connection. */
static const char *const fixed[] = {
    "BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "ConnectTimeout=5",
    /* A peer that is silent for so long, and to two questions, is gone. */
    "ServerAliveInterval=4", "ServerAliveCountMax=2",
    /* What the user's settings have for a person's own sessions. */
    "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no",
    NULL};
/* What is said of keys and addresses is at this level. Not -v: with that the connection would hold on to standard error. */
static const char *const telling[] = {"LogLevel=DEBUG1", NULL};
static const char *const sharing[] = {
    "ControlMaster=yes", "ControlPersist=300", "StreamLocalBindUnlink=yes", "ExitOnForwardFailure=yes", NULL};
/* Where the shared connection is gone, ssh(1) would make another: this way it can't. */
static const char *const borrowing[] = {"ControlMaster=no", "BatchMode=yes", "ProxyCommand=exit 1", "LogLevel=INFO", NULL};
static const char *const joining[] = {"ControlMaster=no", NULL};

/* A command line in the making; the words are its own. */
struct line {
    char **words;
    size_t count;
};

static void add(struct line *line, const char *word)
{
    line->words = need_more(line->words, (line->count + 2) * sizeof *line->words);
    line->words[line->count++] = slice_copy(slice_of(word));
    line->words[line->count] = NULL;
}

static void add_options(struct line *line, const char *const *options)
{
    for (; *options != NULL; options++) {
        add(line, "-o");
        add(line, *options);
    }
}

/* A percent sign has a meaning in it. */
static void add_control(struct line *line, const struct ssh_place *place)
{
    struct text path = {0};
    for (const char *at = place->control; *at != '\0'; at++) {
        text_add_bytes(&path, at, 1);
        text_add(&path, *at == '%' ? "%" : "");
    }
    add(line, "-S");
    add(line, text_chars(&path));
    text_free(&path);
}

static void add_target(struct line *line, const struct endpoint *endpoint)
{
    if (endpoint->port > 0) {
        char port[16];
        snprintf(port, sizeof port, "%d", endpoint->port);
        add(line, "-p");
        add(line, port);
    }
    if (endpoint->user != NULL) {
        add(line, "-l");
        add(line, endpoint->user);
    }
    add(line, "--");
    add(line, endpoint->host);
}

static struct line begin(const char *program, const struct ssh_place *place)
{
    struct line line = {0};
    add(&line, program);
    add_control(&line, place);
    return line;
}

/* Over the shared connection: the user's settings have had their say when that was made. */
static struct line begin_borrowing(const char *program, const struct ssh_place *place)
{
    struct line line = begin(program, place);
    add(&line, "-F");
    add(&line, "/dev/null");
    add_options(&line, borrowing);
    return line;
}

char *ssh_program(char **error)
{
    struct environment environment;
    if (!environment_read(&environment, error)) {
        return NULL;
    }
    char *program = search_find("ssh", &environment);
    environment_free(&environment);
    if (program == NULL) {
        *error = slice_copy(slice_of("there is no ssh on PATH. Install OpenSSH's client (openssh-client), or Java 17, with which mpx"
                                     " speaks SSH itself."));
    }
    return program;
}

char **ssh_command_master(const char *program, const struct endpoint *endpoint, const struct ssh_place *place)
{
    struct line line = begin(program, place);
    add_options(&line, fixed);
    add_options(&line, telling);
    add_options(&line, sharing);
    add(&line, "-N");
    add(&line, "-f");
    add_target(&line, endpoint);
    return line.words;
}

char **ssh_command_check(const char *program, const struct endpoint *endpoint, const struct ssh_place *place)
{
    struct line line = begin_borrowing(program, place);
    add(&line, "-O");
    add(&line, "check");
    add_target(&line, endpoint);
    return line.words;
}

char **ssh_command_run(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote)
{
    struct line line = begin_borrowing(program, place);
    add(&line, "-T");
    add_target(&line, endpoint);
    add(&line, remote);
    return line.words;
}

char **ssh_command_session(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote)
{
    struct line line = begin(program, place);
    add_options(&line, fixed);
    add_options(&line, joining);
    add(&line, "-T");
    add_target(&line, endpoint);
    add(&line, remote);
    return line.words;
}

char **ssh_command_forward(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote)
{
    static const char special[] = "%$:\\[]";
    if (strpbrk(remote, special) != NULL || strpbrk(place->door, special) != NULL) {
        return NULL;
    }
    struct line line = begin_borrowing(program, place);
    struct text sockets = {0};
    text_format(&sockets, "%s:%s", place->door, remote);
    add(&line, "-O");
    add(&line, "forward");
    add(&line, "-L");
    add(&line, text_chars(&sockets));
    text_free(&sockets);
    add_target(&line, endpoint);
    return line.words;
}

void ssh_command_add_by_hand(struct text *out, const struct endpoint *endpoint)
{
    text_add(out, "ssh -o StrictHostKeyChecking=ask");
    if (endpoint->port > 0) {
        text_format(out, " -p %d", endpoint->port);
    }
    if (endpoint->user != NULL) {
        text_add(out, " -l ");
        shell_add_word(out, endpoint->user);
    }
    text_add(out, " ");
    shell_add_word(out, endpoint->host);
    text_add(out, " true");
}
