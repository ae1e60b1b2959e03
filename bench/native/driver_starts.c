#include "driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const struct load FIRST_CALL = {.window = 1, .size = 16};

static void print_all(const char *name, const struct samples *samples)
{
    printf(",\"%s\":[", name);
    for (size_t i = 0; i < samples->count; i++) {
        printf("%s%" PRIu64, i > 0 ? "," : "", samples->values[i]);
    }
    printf("]");
}

void drive_starts(const struct plan *plan)
{
    struct samples initialize = {0}, call = {0};
    for (unsigned i = 0; i < plan->repeat; i++) {
        struct session session;
        alarm(plan->patience_seconds);
        uint64_t begin = now_ns();
        session_start(&session, i, plan->command);
        session_ask_initialize(&session);
        session_await_initialize(&session);
        samples_add(&initialize, now_ns() - begin);
        session_load(&session, FIRST_CALL);
        session_call(&session, 1);
        session_settle(&session);
        samples_add(&call, now_ns() - begin);
        alarm(0);
        session_end(&session);
        session_reap(&session, now_ns() + UINT64_C(3000000000));
    }
    printf("{\"state\":\"done\"");
    print_all("initialize", &initialize);
    print_all("call", &call);
    printf("}\n");
}
