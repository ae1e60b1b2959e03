#include "greeting.h"

#include "launch.h"
#include "procs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef HOST_NAME_MAX
#define HOST_NAME_MAX 255
#endif

void greeting_add(struct text *text, const struct target *target)
{
    char parent[64];
    char host[HOST_NAME_MAX + 1] = "";
    proc_short_name(getppid(), parent, sizeof parent);
    gethostname(host, sizeof host - 1);
    text_add(text, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-hello\",\"method\":\"mpx/hello\",\"params\":{\"version\":");
    text_add_json(text, mpx_version());
    text_format(text, ",\"client\":{\"pid\":%ld,\"parentPid\":%ld,\"parent\":", (long) getpid(), (long) getppid());
    text_add_json(text, parent);
    text_add(text, ",\"cwd\":");
    text_add_json(text, target->working_directory);
    text_add(text, ",\"host\":");
    text_add_json(text, host);
    text_add(text, "},\"serves\":{\"palace\":");
    if (target->palace == NULL) {
        text_add(text, "null");
    } else {
        text_add_json(text, target->palace);
    }
    text_add(text, ",\"command\":[");
    for (char **word = target->argv; *word != NULL; word++) {
        text_add(text, word == target->argv ? "" : ",");
        text_add_json(text, *word);
    }
    text_add(text, "]}}}\n");
}

static bool is_numbers_and_dots(const char *version)
{
    bool digit = false;
    for (; *version != '\0'; version++) {
        if (*version >= '0' && *version <= '9') {
            digit = true;
        } else if (*version == '.' && digit) {
            digit = false;
        } else {
            return false;
        }
    }
    return digit;
}

bool version_is_newer(const char *version, const char *than)
{
    if (!is_numbers_and_dots(version) || !is_numbers_and_dots(than)) {
        return false;
    }
    while (*version != '\0' || *than != '\0') {
        char *mine, *theirs;
        long a = strtol(version, &mine, 10); /* 0 where there is no more */
        long b = strtol(than, &theirs, 10);
        if (a != b) {
            return a > b;
        }
        version = *mine == '.' ? mine + 1 : mine;
        than = *theirs == '.' ? theirs + 1 : theirs;
    }
    return false;
}
