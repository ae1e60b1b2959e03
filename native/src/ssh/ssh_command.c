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

static void add_options(struct word_list *line, const char *const *options)
{
    for (; *options != NULL; options++) {
        word_list_add(line, "-o");
        word_list_add(line, *options);
    }
}

/* A percent sign has a meaning in it. */
static void add_control(struct word_list *line, const struct ssh_place *place)
{
    struct text path = {0};
    for (const char *at = place->control; *at != '\0'; at++) {
        text_add_bytes(&path, at, 1);
        text_add(&path, *at == '%' ? "%" : "");
    }
    word_list_add(line, "-S");
    word_list_add(line, text_chars(&path));
    text_free(&path);
}

static void add_target(struct word_list *line, const struct endpoint *endpoint)
{
    if (endpoint->port > 0) {
        char port[16];
        snprintf(port, sizeof port, "%d", endpoint->port);
        word_list_add(line, "-p");
        word_list_add(line, port);
    }
    if (endpoint->user != NULL) {
        word_list_add(line, "-l");
        word_list_add(line, endpoint->user);
    }
    word_list_add(line, "--");
    word_list_add(line, endpoint->host);
}

static struct word_list begin(const char *program, const struct ssh_place *place)
{
    struct word_list line = {0};
    word_list_add(&line, program);
    add_control(&line, place);
    return line;
}

/* Over the shared connection: the user's settings have had their say when that was made. */
static struct word_list begin_borrowing(const char *program, const struct ssh_place *place)
{
    struct word_list line = begin(program, place);
    word_list_add(&line, "-F");
    word_list_add(&line, "/dev/null");
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
    struct word_list line = begin(program, place);
    add_options(&line, fixed);
    add_options(&line, telling);
    add_options(&line, sharing);
    word_list_add(&line, "-N");
    word_list_add(&line, "-f");
    add_target(&line, endpoint);
    return line.words;
}

char **ssh_command_check(const char *program, const struct endpoint *endpoint, const struct ssh_place *place)
{
    struct word_list line = begin_borrowing(program, place);
    word_list_add(&line, "-O");
    word_list_add(&line, "check");
    add_target(&line, endpoint);
    return line.words;
}

char **ssh_command_run(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote)
{
    struct word_list line = begin_borrowing(program, place);
    word_list_add(&line, "-T");
    add_target(&line, endpoint);
    word_list_add(&line, remote);
    return line.words;
}

char **ssh_command_session(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote)
{
    struct word_list line = begin(program, place);
    add_options(&line, fixed);
    add_options(&line, joining);
    word_list_add(&line, "-T");
    add_target(&line, endpoint);
    word_list_add(&line, remote);
    return line.words;
}

char **ssh_command_forward(const char *program, const struct endpoint *endpoint, const struct ssh_place *place, const char *remote)
{
    static const char special[] = "%$:\\[]";
    if (strpbrk(remote, special) != NULL || strpbrk(place->door, special) != NULL) {
        return NULL;
    }
    struct word_list line = begin_borrowing(program, place);
    struct text sockets = {0};
    text_format(&sockets, "%s:%s", place->door, remote);
    word_list_add(&line, "-O");
    word_list_add(&line, "forward");
    word_list_add(&line, "-L");
    word_list_add(&line, text_chars(&sockets));
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
