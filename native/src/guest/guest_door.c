#include "guest_door.h"

#include "broker_file.h"
#include "command.h"
#include "endpoint.h"
#include "find.h"
#include "guest_target.h"
#include "launch.h"
#include "server_options.h"
#include "whereabouts.h"
#include "words.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

char *guest_door_of(const char *home)
{
    struct text text;
    struct slice broker;
    struct slice guests;
    struct slice element;
    char *door = NULL;
    if (broker_file_read(home, &text, &broker) && json_strict_member(broker, "guests", &guests)) {
        for (size_t place = 0; door == NULL && json_element(guests, &place, &element);) {
            struct endpoint endpoint;
            char *word = json_text(element);
            if (word != NULL && word_after(word, "unix:/") != NULL && endpoint_parse(&endpoint, word)) {
                door = slice_copy(slice_of(endpoint.path));
                endpoint_free(&endpoint);
            }
            free(word);
        }
    }
    text_free(&text);
    return door;
}

static int fail(char *error)
{
    fprintf(stderr, "mpx: %s\n", error);
    free(error);
    return DEGRADED;
}

/* Whether the daemon is looked for anywhere but in its home on this machine. False as well if nobody can tell yet. */
static bool is_elsewhere(const struct invocation *invocation)
{
    bool is = false;
    char *error = NULL;
    char *home = target_home(invocation, &error);
    if (home != NULL && !whereabouts_are_elsewhere(&is, home, &error)) {
        is = true; /* it is for Java to say what is wrong */
    }
    free(home);
    free(error);
    return is;
}

static int ensure(const struct target *target, char **door, int *held)
{
    struct finder finder;
    struct text unused = {0};
    finder_init(&finder, target);
    int status = find_daemon(&finder);
    if (status == WELL) {
        *door = guest_door_of(target->home);
        *held = finder_take(&finder, &unused);
    }
    if (status == WELL && *door == NULL) {
        fprintf(stderr, "mpx: the daemon of %s has no door for guests: it is of an mpx too old for that, or lives on another machine itself\n",
                target->home);
        status = DEGRADED;
    }
    text_free(&unused);
    finder_free(&finder);
    return status;
}

int guest_door_ensure(char **all, char **door, int *held)
{
    struct server_options options;
    struct target target;
    char *error = NULL;
    *door = NULL;
    *held = -1;
    if (!server_options_read(&options, all + 1, "--guest")) {
        return launch_java(JAVA_CLI, false, all);
    }
    whereabouts_prescribe(options.invocation.endpoint);
    if (is_elsewhere(&options.invocation)) {
        return launch_java(JAVA_CLI, false, all);
    }
    if (!guest_target_find(&target, &options.invocation, &error)) {
        return fail(error);
    }
    signal(SIGPIPE, SIG_IGN);
    int status = ensure(&target, door, held);
    target_free(&target);
    return status;
}
