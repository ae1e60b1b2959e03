#include "ssh_link.h"

#include "complain.h"
#include "connection.h"
#include "host_program.h"
#include "offspring.h"
#include "ssh_command.h"
#include "ssh_words.h"
#include "steady.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Others may be connecting, which takes them as long as the next two together. */
#define LOCK_LIMIT_MS 90000
#define MASTER_LIMIT_MS 20000
/* mpx there may have to start the daemon. */
#define ENSURE_LIMIT_MS 60000
#define FORWARD_LIMIT_MS 5000
#define CONNECT_LIMIT_MS 5000
#define ANSWER_LIMIT_MS 9000
/* A shared connection's own answer, for which it asks nobody. */
#define CHECK_LIMIT_MS 3000
/* A host may come to forward sockets, or may have had no room for one more. */
#define COMMANDS_COUNT_MS 60000
/* `mpx connect --guest` there, until it has a daemon. */
#define COMMAND_LIMIT_MS 60000
/* The connection may end between a look at it and its use. */
#define ROUNDS 2
#define LOST 255 /* ssh(1)'s own exit status */

struct link {
    const struct endpoint *endpoint;
    struct slice greeting;
    int wanted;
    struct ssh_place place;
    char *program;
    char *why;
    bool gave_up; /* a shared connection that hangs */
};

static enum ssh_outcome say(struct link *link, enum ssh_outcome outcome, char *why)
{
    free(link->why);
    link->why = why;
    return outcome;
}

static enum ssh_outcome say_plainly(struct link *link, enum ssh_outcome outcome, const char *why)
{
    return say(link, outcome, slice_copy(slice_of(why)));
}

/* ---- the shared connection */

static bool is_connected(const struct link *link)
{
    int fd = connection_open(link->place.control, CONNECT_LIMIT_MS);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static enum run_outcome run(const struct link *link, struct run *out, char **command, int64_t limit_ms)
{
    enum run_outcome outcome = run_program(out, command, link->wanted, steady_ms() + limit_ms);
    words_free(command);
    return outcome;
}

/*
 * A process that is stopped, or stuck, still has connections taken in its name, so it is asked. One that does not answer stays
 * behind without a name, and another is made in its place. The caller holds the lock. False, too, if there is none.
 */
static bool is_answering(struct link *link)
{
    if (!is_connected(link)) {
        return false;
    }
    struct run run_of_ssh;
    enum run_outcome outcome = run(link, &run_of_ssh, ssh_command_check(link->program, link->endpoint, &link->place), CHECK_LIMIT_MS);
    bool answers = outcome == RUN_ENDED ? run_of_ssh.status == 0 : outcome != RUN_LATE;
    run_free(&run_of_ssh);
    if (outcome == RUN_LATE) {
        struct text sentence = {0};
        text_format(&sentence, "The shared SSH connection at %s does not answer; mpx leaves it and makes another.", link->place.control);
        complain(text_chars(&sentence));
        text_free(&sentence);
        unlink(link->place.control);
        link->gave_up = true;
    }
    return answers;
}

static enum ssh_outcome not_run(struct link *link, enum run_outcome outcome, const char *late)
{
    return outcome == RUN_LATE ? say_plainly(link, SSH_FAILED, late)
        : outcome == RUN_UNWANTED ? say_plainly(link, SSH_FAILED, "nobody waits for it any more")
                                  : say_plainly(link, SSH_FAILED, "no process can be made");
}

static bool may_forward(const struct link *link)
{
    return !ssh_place_has_since(&link->place, SSH_NOTE_COMMANDS, steady_ms() - COMMANDS_COUNT_MS);
}

/* The caller holds the lock. */
static enum ssh_outcome connect_once(struct link *link)
{
    struct run run_of_ssh;
    unlink(link->place.control); /* of one that was killed: ssh(1) would not share at all */
    ssh_place_forget(&link->place, SSH_NOTE_LOOKED);
    ssh_place_forget(&link->place, SSH_NOTE_COMMANDS);
    enum run_outcome outcome
        = run(link, &run_of_ssh, ssh_command_master(link->program, link->endpoint, &link->place), MASTER_LIMIT_MS);
    enum ssh_outcome result = SSH_FOUND;
    if (outcome != RUN_ENDED) {
        result = not_run(link, outcome, "ssh has made no connection within 20 s.");
    } else if (run_of_ssh.status != 0) {
        result = say(link, SSH_FAILED, ssh_words(link->endpoint, text_chars(&run_of_ssh.err)));
    }
    run_free(&run_of_ssh);
    return result;
}

/* ---- the daemon there */

/* The last line of the output that names a socket; NULL if there is none. To be freed. */
static char *door_in(const char *out)
{
    char *door = NULL;
    for (const char *at = out; *at != '\0';) {
        struct slice line = {.at = at, .length = strcspn(at, "\r\n")};
        if (line.length > 6 && memcmp(line.at, "unix:/", 6) == 0) {
            free(door);
            door = slice_copy((struct slice){.at = line.at + 5, .length = line.length - 5});
        }
        at += line.length;
        at += strspn(at, "\r\n");
    }
    return door;
}

static void add_stripped(struct text *out, const char *text)
{
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
        length--;
    }
    text_add_bytes(out, text, length);
}

static char *no_daemon(const struct link *link, const struct run *of)
{
    char *missing = host_program_missing(link->endpoint, text_chars(&of->err));
    if (missing != NULL) {
        return missing;
    }
    struct text sentence = {0};
    text_format(&sentence, "mpx on %s can't provide its daemon (mpx ensure --guest, exit status %d): ", link->endpoint->host, of->status);
    add_stripped(&sentence, text_chars(of->err.length > 0 ? &of->err : &of->out));
    return text_take(&sentence);
}

static void forward(const struct link *link, const char *door)
{
    struct run run_of_ssh;
    char **command = ssh_command_forward(link->program, link->endpoint, &link->place, door);
    if (command != NULL) { /* else sessions run a command there */
        run(link, &run_of_ssh, command, FORWARD_LIMIT_MS);
        run_free(&run_of_ssh);
    }
}

/* Sees to it that the daemon runs and its door is forwarded. The caller holds the lock. */
static enum ssh_outcome ensure(struct link *link)
{
    static const char *const words[] = {"ensure", "--guest", NULL};
    struct run run_of_mpx;
    char *remote = host_program_line(link->endpoint, words);
    enum run_outcome outcome
        = run(link, &run_of_mpx, ssh_command_run(link->program, link->endpoint, &link->place, remote), ENSURE_LIMIT_MS);
    char *door = door_in(text_chars(&run_of_mpx.out));
    enum ssh_outcome result = SSH_FOUND;
    if (outcome != RUN_ENDED) {
        result = not_run(link, outcome, "mpx ensure --guest took longer than 60 s on the host.");
    } else if (run_of_mpx.status == LOST && !is_connected(link)) {
        result = say_plainly(link, SSH_BUSY, "the SSH connection was lost while mpx used it.");
    } else if (run_of_mpx.status != 0 || door == NULL) {
        result = say(link, SSH_FAILED, no_daemon(link, &run_of_mpx));
    } else {
        forward(link, door);
        ssh_place_note(&link->place, SSH_NOTE_LOOKED);
    }
    free(door);
    run_free(&run_of_mpx);
    free(remote);
    return result;
}

/* ---- a session */

/* What came of a greeting. */
enum met { MET, MET_NOBODY, MET_SILENCE };

static enum met greet(const struct link *link, struct ssh_session *out, int fd, int64_t limit_ms)
{
    out->said.length = 0;
    enum asked asked = connection_exchange(fd, link->wanted, link->greeting, limit_ms, &out->said);
    if (asked == ASKED_ANSWERED) {
        out->fd = fd;
        return MET;
    }
    close(fd);
    return asked == ASKED_SILENT ? MET_SILENCE : MET_NOBODY;
}

static enum met through_socket(const struct link *link, struct ssh_session *out)
{
    int fd = connection_open(link->place.door, CONNECT_LIMIT_MS);
    return fd < 0 ? MET_NOBODY : greet(link, out, fd, ANSWER_LIMIT_MS);
}

static void become_session(const struct link *link, int end, int err)
{
    static const char *const words[] = {"connect", "--guest", NULL};
    char *remote = host_program_line(link->endpoint, words);
    char **command = ssh_command_session(link->program, link->endpoint, &link->place, remote);
    dup2(end, STDIN_FILENO);
    dup2(end, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    offspring_close_from(STDERR_FILENO + 1);
    offspring_forget_signals();
    execv(command[0], command);
    _exit(LOST);
}

/* What it said before it ended, or until it is cut off. */
static void read_err(int fd, struct text *into)
{
    char chunk[4096];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0 && into->length < (64u << 10)) {
        text_add_bytes(into, chunk, (size_t) got);
    }
}

static enum ssh_outcome command_failed(struct link *link, enum met met, const char *err)
{
    char *missing = host_program_missing(link->endpoint, err);
    if (missing != NULL) {
        return say(link, SSH_FAILED, missing);
    }
    struct text sentence = {0};
    text_format(&sentence, "The host opens no stream to its daemon: neither to its socket (AllowStreamLocalForwarding in its sshd_config)"
                " nor by \"mpx connect --guest\"%s", met == MET_SILENCE ? ", which does not answer. " : ". ");
    ssh_words_add_last(&sentence, err);
    return say(link, SSH_FAILED, text_take(&sentence));
}

static enum ssh_outcome through_command(struct link *link, struct ssh_session *out)
{
    int ends[2];
    int err[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return say_plainly(link, SSH_FAILED, strerror(errno));
    }
    if (pipe(err) != 0) {
        close(ends[0]);
        close(ends[1]);
        return say_plainly(link, SSH_FAILED, strerror(errno));
    }
    pid_t command = fork();
    if (command == 0) {
        become_session(link, ends[1], err[1]);
    }
    close(ends[1]);
    close(err[1]);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(err[0], F_SETFD, FD_CLOEXEC);
    enum met met = command < 0 ? MET_NOBODY : greet(link, out, ends[0], COMMAND_LIMIT_MS);
    if (met == MET) {
        out->command = command;
        out->command_err = err[0];
        return SSH_FOUND;
    }
    struct text words = {0};
    if (command > 0) {
        if (met == MET_SILENCE || (link->wanted >= 0 && errno == ECANCELED)) {
            kill(command, SIGTERM);
        }
        read_err(err[0], &words);
        waitpid(command, NULL, 0);
    } else {
        close(ends[0]);
    }
    close(err[0]);
    enum ssh_outcome result = command_failed(link, met, text_chars(&words));
    text_free(&words);
    return result;
}

/* ---- all of it */

static enum ssh_outcome still_connecting(struct link *link)
{
    return say_plainly(link, SSH_BUSY, "another mpx is still connecting to it.");
}

/* With the lock: connects if need be, and looks for the daemon unless somebody else has done so meanwhile. */
static enum ssh_outcome prepare(struct link *link, int64_t since_ms, bool *forwards)
{
    if (!ssh_place_lock(&link->place, link->wanted, steady_ms() + LOCK_LIMIT_MS)) {
        return still_connecting(link);
    }
    enum ssh_outcome outcome = is_answering(link) ? SSH_FOUND : connect_once(link);
    *forwards = may_forward(link);
    if (outcome == SSH_FOUND && *forwards && !ssh_place_has_since(&link->place, SSH_NOTE_LOOKED, since_ms)) {
        outcome = ensure(link);
    }
    ssh_place_unlock(&link->place);
    return outcome;
}

/* It takes connections at the door but does not answer there: either the daemon does not, or the shared connection itself. */
static enum ssh_outcome silent(struct link *link)
{
    if (!ssh_place_lock(&link->place, link->wanted, steady_ms() + LOCK_LIMIT_MS)) {
        return still_connecting(link);
    }
    bool answers = is_answering(link);
    ssh_place_unlock(&link->place);
    return say_plainly(link, SSH_BUSY, answers ? "it takes connections but does not answer." : "the shared SSH connection does not answer.");
}

static enum ssh_outcome open_round(struct link *link, struct ssh_session *out)
{
    int64_t since_ms = steady_ms();
    bool forwards = may_forward(link);
    enum met met = forwards && is_connected(link) ? through_socket(link, out) : MET_NOBODY;
    if (met == MET_NOBODY) {
        enum ssh_outcome ready = prepare(link, since_ms, &forwards);
        if (ready != SSH_FOUND) {
            return ready;
        }
        met = forwards ? through_socket(link, out) : MET_NOBODY;
    }
    if (met == MET) {
        return SSH_FOUND;
    }
    if (met == MET_SILENCE) {
        return silent(link);
    }
    if (!is_connected(link)) {
        return say_plainly(link, SSH_BUSY, "the SSH connection was lost as soon as it was made.");
    }
    enum ssh_outcome outcome = through_command(link, out);
    if (outcome == SSH_FOUND && forwards) {
        ssh_place_note(&link->place, SSH_NOTE_COMMANDS);
    }
    return outcome;
}

static bool begin(struct link *link, const struct endpoint *endpoint, struct slice greeting, int wanted, char **why)
{
    *link = (struct link){.endpoint = endpoint, .greeting = greeting, .wanted = wanted, .place = {.lock = -1}};
    link->program = ssh_program(why);
    return link->program != NULL && ssh_place_prepare(&link->place, endpoint, why);
}

static void finish(struct link *link)
{
    ssh_place_free(&link->place);
    free(link->program);
    free(link->why);
}

/* To be freed. What an errand complains of, nobody reads: so it is told here as well. */
static char *take_why(struct link *link)
{
    struct text sentence = {0};
    text_add(&sentence, link->why == NULL ? "" : link->why);
    if (link->gave_up) {
        text_format(&sentence, " (One at %s did not answer before, and was left.)", link->place.control);
    }
    return text_take(&sentence);
}

enum ssh_outcome ssh_link_open(struct ssh_session *out, const struct endpoint *endpoint, struct slice greeting, int wanted, char **why)
{
    struct link link;
    *out = (struct ssh_session){.fd = -1, .command_err = -1};
    enum ssh_outcome outcome = SSH_FAILED;
    if (begin(&link, endpoint, greeting, wanted, why)) {
        for (int round = 0; round < ROUNDS && (round == 0 || outcome == SSH_BUSY); round++) {
            outcome = open_round(&link, out);
        }
        if (outcome != SSH_FOUND) {
            *why = take_why(&link);
        }
    }
    finish(&link);
    return outcome;
}

bool ssh_link_run(struct run *out, const struct endpoint *endpoint, const char *const *words, char **why)
{
    struct link link;
    *out = (struct run){0};
    if (!begin(&link, endpoint, (struct slice){0}, -1, why)) {
        finish(&link);
        return false;
    }
    enum ssh_outcome outcome = SSH_BUSY;
    if (ssh_place_lock(&link.place, -1, steady_ms() + LOCK_LIMIT_MS)) {
        outcome = is_answering(&link) ? SSH_FOUND : connect_once(&link);
        ssh_place_unlock(&link.place);
    } else {
        still_connecting(&link);
    }
    if (outcome == SSH_FOUND) {
        char *remote = host_program_line(endpoint, words);
        enum run_outcome ran = run(&link, out, ssh_command_run(link.program, endpoint, &link.place, remote), ENSURE_LIMIT_MS);
        free(remote);
        outcome = ran == RUN_ENDED ? SSH_FOUND : not_run(&link, ran, "mpx took longer than 60 s on the host.");
    }
    char *missing = outcome == SSH_FOUND && out->status != 0 ? host_program_missing(endpoint, text_chars(&out->err)) : NULL;
    if (missing != NULL) {
        outcome = say(&link, SSH_FAILED, missing);
    }
    *why = outcome == SSH_FOUND ? NULL : take_why(&link);
    finish(&link);
    return outcome == SSH_FOUND;
}
