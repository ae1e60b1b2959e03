#include "command.h"

#include "find.h"
#include "guest_door.h"
#include "kept_target.h"
#include "launch.h"
#include "server_options.h"
#include "ssh_way.h"
#include "whereabouts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int ensure(const struct target *target)
{
    struct finder finder;
    finder_init(&finder, target);
    int status = find_daemon(&finder);
    if (status == WELL) {
        printf("%s\n", finder.endpoint);
    }
    finder_free(&finder);
    return status;
}

/* Prints where guests come in: what a relay on another machine asks for. */
static int ensure_for_guests(char **all)
{
    char *door = NULL;
    int held = -1;
    int status = guest_door_ensure(all, &door, &held);
    if (status == WELL) {
        printf("unix:%s\n", door);
    }
    if (held >= 0) {
        close(held);
    }
    free(door);
    return status;
}

int command_ensure(char **all)
{
    struct server_options options;
    struct target target;
    char *error = NULL;
    if (!server_options_read(&options, all + 1, "--guest")) {
        return launch_java(JAVA_CLI, false, all);
    }
    if (options.flag) {
        return ensure_for_guests(all);
    }
    whereabouts_prescribe(options.invocation.endpoint);
    if (ssh_way_is_javas(&options.invocation)) {
        return launch_java(JAVA_CLI, false, all);
    }
    if (!kept_target_find(&target, &options.invocation, &error)) {
        fprintf(stderr, "mpx: %s\n", error);
        free(error);
        return DEGRADED;
    }
    signal(SIGPIPE, SIG_IGN);
    int status = ensure(&target);
    target_free(&target);
    return status;
}
