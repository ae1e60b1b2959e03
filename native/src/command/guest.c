#include "command.h"

#include "connection.h"
#include "environment.h"
#include "guest_door.h"
#include "guest_request.h"
#include "launch.h"
#include "path.h"
#include "target.h"
#include "text.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_LIMIT_MS 5000
#define PURPOSE \
    "mpx: this key lets agents on other machines use the mpx daemon here, and nothing else (mpx ensure --guest, connect --guest and status)"

/* What the key is limited to. */
struct limits {
    const char *named; /* by --home in authorized_keys; NULL: the default palace's home */
    char *home;        /* the real path of that */
};

/* [--home DIR | --home=DIR]; false for anything else. */
static bool read_own_words(const char **home, char *const *words)
{
    const char *joined = *words == NULL ? NULL : word_after(*words, "--home=");
    if (*words == NULL) {
        return true;
    }
    *home = joined != NULL ? joined : strcmp(*words, "--home") == 0 ? words[1] : NULL;
    return *home != NULL && **home != '\0' && words[joined != NULL ? 1 : 2] == NULL && (joined != NULL || **home != '-');
}

static int fail(char *error)
{
    fprintf(stderr, "mpx: %s\n", error);
    free(error);
    return DEGRADED;
}

static int refuse(const char *why)
{
    fprintf(stderr, PURPOSE ". What was asked for is refused: %s.\n", why);
    return DEGRADED;
}

/* What a home's record says is started there: one that a guest may choose is one that a guest may have made. */
static bool is_within(const struct limits *limits, const struct guest_request *request, const struct environment *environment)
{
    if (request->home == NULL) {
        return true;
    }
    char *absolute = environment_absolute(environment, request->home);
    char *asked = path_real(absolute);
    bool is = strcmp(asked, limits->home) == 0;
    free(asked);
    free(absolute);
    return is;
}

static int no_daemon(const struct limits *limits, bool is_json)
{
    if (is_json) {
        puts("{\"daemon\":null}");
    }
    fprintf(stderr, "mpx: no daemon runs for %s on this machine; the first session starts it.\n", limits->home);
    return NO_DAEMON;
}

/* The daemon's by that name: the guests' own words are not passed on. */
static char *option(const char *name, const char *value)
{
    struct text word = {0};
    text_format(&word, "%s=%s", name, value);
    return text_take(&word);
}

static int print_status(const struct limits *limits, bool is_json)
{
    static char status[] = "status";
    static char json[] = "--json";
    char *door = guest_door_of(limits->home);
    int there = door == NULL ? -1 : connection_open(door, CONNECT_LIMIT_MS);
    if (there < 0) {
        free(door);
        return no_daemon(limits, is_json);
    }
    close(there);
    struct text endpoint = {0};
    text_format(&endpoint, "unix:%s", door);
    char *words[5] = {status, option("--endpoint", text_chars(&endpoint))};
    size_t count = 2;
    if (is_json) {
        words[count++] = json;
    }
    char *home = limits->named == NULL ? NULL : option("--home", limits->named);
    words[count] = home;
    int result = command_status(words);
    free(home);
    free(words[1]);
    text_free(&endpoint);
    free(door);
    return result;
}

static int run(const struct limits *limits, const struct guest_request *request)
{
    if (request->kind == GUEST_STATUS) {
        return print_status(limits, request->is_json);
    }
    static char ensure[] = "ensure";
    static char connect[] = "connect";
    static char guest[] = "--guest";
    bool is_ensure = request->kind == GUEST_ENSURE;
    char *home = limits->named == NULL ? NULL : option("--home", limits->named);
    char *words[] = {is_ensure ? ensure : connect, guest, home, NULL};
    int result = is_ensure ? command_ensure(words) : command_connect_guest(words);
    free(home);
    return result;
}

static int serve(const struct limits *limits, const char *asked, const struct environment *environment)
{
    struct guest_request request;
    char *why = NULL;
    if (!guest_request_read(&request, asked, &why)) {
        int status = refuse(why);
        free(why);
        return status;
    }
    int status = is_within(limits, &request, environment) ? run(limits, &request)
        : refuse(limits->named != NULL ? "this key is for one home, and that is another"
                                       : "this key is for the default palace's home; for another one, say \"mpx guest --home DIR\" in its"
                                         " line of authorized_keys");
    guest_request_free(&request);
    return status;
}

int command_guest(char **all)
{
    char *none[] = {NULL};
    struct limits limits = {.named = NULL};
    struct environment environment;
    char *error = NULL;
    if (!read_own_words(&limits.named, all + 1)) {
        return launch_java(JAVA_CLI, false, all);
    }
    if (!environment_read(&environment, &error)) {
        return fail(error);
    }
    const char *asked = environment_get(&environment, "SSH_ORIGINAL_COMMAND");
    int status = DEGRADED;
    struct invocation meant = {.home = limits.named, .arguments = none};
    if (asked == NULL) {
        fputs(PURPOSE ". There is no shell for it.\n", stderr);
    } else if ((limits.home = target_home(&meant, &error)) == NULL) {
        status = fail(error);
    } else {
        status = serve(&limits, asked, &environment);
    }
    free(limits.home);
    environment_free(&environment);
    return status;
}
