/* Preloaded into a guard: a kernel in which SIGKILL ends nobody, to see what it does with a wedged tree. */
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef long (*call)(long, long, long, long, long, long, long);

long syscall(long number, ...)
{
    va_list rest;
    va_start(rest, number);
    long a = va_arg(rest, long);
    long b = va_arg(rest, long);
    long c = va_arg(rest, long);
    long d = va_arg(rest, long);
    long e = va_arg(rest, long);
    long f = va_arg(rest, long);
    va_end(rest);
    if (number == SYS_pidfd_send_signal && (int) b == SIGKILL) {
        return 0;
    }
    call next;
    *(void **) &next = dlsym(RTLD_NEXT, "syscall");
    return next(number, a, b, c, d, e, f);
}
