#include "terminal.h"

#include "blank.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define USUAL_COLUMNS 80
#define USUAL_ROWS 24
#define NARROWEST_COLUMNS 40

/* Another screen, no cursor, and lines that are too long are cut by the terminal. */
#define TAKE "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
/* Cleared first: a terminal that was resized meanwhile may bring lines of it back (tmux does). */
#define GIVE_BACK "\x1b[2J\x1b[?7h\x1b[?25h\x1b[?1049l"

bool terminal_is_there(void)
{
    return isatty(STDOUT_FILENO) == 1;
}

/* What COLUMNS says; 0 if that is no number. */
static long columns_by_variable(void)
{
    const char *text = getenv("COLUMNS");
    char *end = NULL;
    long columns = text == NULL ? 0 : strtol(text, &end, 10);
    return end != NULL && blank_is(end) && columns > 0 && columns < TERMINAL_UNLIMITED ? columns : 0;
}

long terminal_columns(void)
{
    if (!terminal_is_there()) {
        return TERMINAL_UNLIMITED;
    }
    struct winsize size = {0};
    long columns = columns_by_variable();
    if (columns == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        columns = size.ws_col;
    }
    return columns == 0 ? USUAL_COLUMNS : columns < NARROWEST_COLUMNS ? NARROWEST_COLUMNS : columns;
}

bool terminal_is_able(void)
{
    const char *kind = getenv("TERM");
    return terminal_is_there() && kind != NULL && *kind != '\0' && strcmp(kind, "dumb") != 0;
}

bool terminal_wants_colours(void)
{
    const char *refused = getenv("NO_COLOR");
    return terminal_is_able() && (refused == NULL || *refused == '\0');
}

void terminal_size(long *columns, long *rows)
{
    struct winsize size = {0};
    bool told = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    *columns = told && size.ws_col > 0 ? size.ws_col : USUAL_COLUMNS;
    *rows = told && size.ws_row > 0 ? size.ws_row : USUAL_ROWS;
}

/* ---- the whole screen; what handlers of signals need is here, since they get nothing else */

static int key_fd = -1;
static int wake_fd = -1;
static bool has_modes;
static struct termios modes_before;
static volatile sig_atomic_t is_taken;

static void say(const char *words, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, words, length);
        if (written < 0 && errno != EINTR) {
            return;
        }
        words += written < 0 ? 0 : written;
        length -= written < 0 ? 0 : (size_t) written;
    }
}

/* All of it may be called by a handler (POSIX, async-signal-safe). */
static void take(void)
{
    if (has_modes) {
        struct termios modes = modes_before;
        modes.c_lflag &= ~(tcflag_t) (ICANON | ECHO | ISIG); /* Ctrl-C and Ctrl-Z are keys, too */
        modes.c_cc[VMIN] = 1;
        modes.c_cc[VTIME] = 0;
        tcsetattr(key_fd, TCSANOW, &modes);
    }
    say(TAKE, sizeof TAKE - 1);
    is_taken = 1;
}

static void give_back(void)
{
    if (is_taken) {
        is_taken = 0;
        say(GIVE_BACK, sizeof GIVE_BACK - 1);
        if (has_modes) {
            tcsetattr(key_fd, TCSANOW, &modes_before);
        }
    }
}

static void wake(void)
{
    ssize_t ignored = write(wake_fd, "", 1); /* full: it wakes already */
    (void) ignored;
}

static void on_size(int signal)
{
    int before = errno;
    (void) signal;
    wake();
    errno = before;
}

/* The handler stands for one call alone: raised again, the signal does what it does by itself. */
static void on_end(int number)
{
    give_back();
    raise(number);
}

static void on_stop(int number)
{
    int before = errno;
    (void) number;
    give_back();
    raise(SIGSTOP);
    errno = before;
}

static void on_go_on(int number)
{
    int before = errno;
    (void) number;
    take();
    wake();
    errno = before;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void handle_all(void)
{
    static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        handle(ending[i], on_end, (int) SA_RESETHAND);
    }
    handle(SIGWINCH, on_size, SA_RESTART);
    handle(SIGTSTP, on_stop, SA_RESTART);
    handle(SIGCONT, on_go_on, SA_RESTART);
    handle(SIGTTOU, SIG_IGN, 0); /* continued in the background, it must not stop at its own change of modes */
}

void terminal_open(struct terminal *out)
{
    int ends[2];
    key_fd = isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDONLY | O_CLOEXEC);
    has_modes = key_fd >= 0 && tcgetattr(key_fd, &modes_before) == 0;
    *out = (struct terminal){.keys = key_fd, .woken = -1};
    if (pipe(ends) == 0) {
        for (size_t i = 0; i < 2; i++) {
            fcntl(ends[i], F_SETFL, O_NONBLOCK);
            fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        }
        out->woken = ends[0];
        wake_fd = ends[1];
    }
    handle_all();
    take();
}

void terminal_close(struct terminal *terminal)
{
    handle(SIGCONT, SIG_DFL, 0);
    give_back();
    close(terminal->woken);
    close(wake_fd);
    if (terminal->keys > STDERR_FILENO) {
        close(terminal->keys);
    }
}

void terminal_suspend(void)
{
    raise(SIGTSTP);
}
