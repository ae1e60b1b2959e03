#include "steady.h"

#include <limits.h>
#include <time.h>

int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int steady_left(int64_t end_ms)
{
    int64_t left = end_ms - steady_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int) left;
}
