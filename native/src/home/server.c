#include "server.h"

#include "hash.h"
#include "palace.h"
#include "path.h"
#include "search.h"
#include "text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define PALACE_MODULE "mempalace.mcp_server"

static const char *base_name(const char *word)
{
    const char *slash = strrchr(word, '/');
    return slash == NULL ? word : slash + 1;
}

static char *fail(char **error, const char *format, const char *word)
{
    struct text sentence = {0};
    text_add_slice(&sentence, (struct slice){.at = format, .length = strcspn(format, "%")});
    text_add(&sentence, word);
    text_add(&sentence, strchr(format, '%') + 1);
    *error = text_take(&sentence);
    return NULL;
}

/* What stands first in the server's command line, for the word that was given. To be freed; NULL with a sentence. */
static char *program_of(const char *word, const struct environment *environment, char **error)
{
    bool is_bare = strchr(word, '/') == NULL;
    char *absolute = environment_absolute(environment, word);
    char *path = path_normal(absolute);
    free(absolute);
    bool is_palace_server = strcmp(base_name(word), PALACE_SERVER) == 0;
    if (is_palace_server && !is_bare && !search_is_mpx(path)) {
        return path;
    }
    if (is_palace_server) {
        free(path);
        return search_palace_server(environment, error);
    }
    if (is_bare) {
        free(path);
        path = search_find(word, environment);
    }
    bool is_mpx = path != NULL && search_is_mpx(path);
    if (is_bare || is_mpx) {
        free(path);
        path = is_mpx ? NULL : slice_copy(slice_of(word));
    }
    return is_mpx ? fail(error, "\"%\" is mpx itself. Name the server that it should share after \"--\".", word) : path;
}

/* That is mempalace-mcp, also behind a runner such as uvx or env, or Python with -m mempalace.mcp_server. */
size_t server_end_of_palace(char *const *argv)
{
    for (size_t i = 0; argv[i] != NULL; i++) {
        if (strcmp(base_name(argv[i]), PALACE_SERVER) == 0) {
            return i + 1;
        }
        if (i > 0 && strcmp(argv[i], PALACE_MODULE) == 0 && strcmp(argv[i - 1], "-m") == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* The environment with what `env NAME=VALUE …` puts into it; points into the words. */
static struct environment with_assignments(char *const *words, size_t count, const struct environment *environment)
{
    struct environment own = *environment;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < PALACE_VARIABLES; k++) {
            const char *behind = word_after(words[i], palace_variables[k]);
            if (behind != NULL && *behind == '=') {
                own.assigned[k] = behind + 1;
            }
        }
    }
    return own;
}

bool server_of(struct server *out, char *const *command_line, const struct environment *environment, char **error)
{
    *out = (struct server){0};
    if (command_line[0] == NULL || *command_line[0] == '\0') {
        fail(error, "There is no command after \"%\". Write: mpx -- COMMAND ARGS…", "--");
        return false;
    }
    char *program = program_of(command_line[0], environment, error);
    if (program == NULL) {
        return false;
    }
    out->argv = words_copy(command_line);
    words_put(out->argv, 0, program);
    size_t end = server_end_of_palace(out->argv);
    if (end > 0) {
        struct environment own = with_assignments(out->argv, end, environment);
        out->palace = palace_of(out->argv + end, &own);
        palace_make_option_absolute(out->argv + end, &own);
    }
    return true;
}

/* The words, which stay whose they are; the list is to be freed. */
static char **line_of(char *program, char *const *arguments)
{
    size_t count = words_count(arguments);
    char **line = need((count + 2) * sizeof *line);
    line[0] = program;
    memcpy(line + 1, arguments, count * sizeof *line);
    return line;
}

void server_elsewhere(struct server *out, char *const *arguments, const struct environment *environment)
{
    static char program[] = PALACE_SERVER;
    char **line = line_of(program, arguments);
    *out = (struct server){.argv = words_copy(line), .palace = palace_of(arguments, environment)};
    palace_make_option_absolute(out->argv + 1, environment);
    free(line);
}

bool server_standard(struct server *out, char *const *arguments, const struct environment *environment, char **error)
{
    *out = (struct server){0};
    char *program = search_palace_server(environment, error);
    if (program == NULL) {
        return false;
    }
    char **line = line_of(program, arguments);
    bool good = server_of(out, line, environment, error);
    free(line);
    free(program);
    return good;
}

void server_free(struct server *server)
{
    words_free(server->argv);
    free(server->palace);
    *server = (struct server){0};
}

char *home_of_palace(const char *palace, const struct environment *environment, char **error)
{
    char *standard = palace_standard(environment);
    bool is_standard = strcmp(palace, standard) == 0;
    free(standard);
    if (is_standard) {
        char *path = environment_in_home(environment, ".mempalace");
        char *home = path_real(path);
        free(path);
        return home;
    }
    if (*path_name(palace) == '\0') {
        return fail(error, "The palace can't be % itself. Choose a directory of its own with --palace.", palace);
    }
    struct text home = {0};
    text_format(&home, "%s.mpx", palace);
    return text_take(&home);
}

/* A letter for each unit of UTF-16, as Java counts, of a program's name, for a directory's: at most 40. */
static void add_file_name(struct text *out, const char *name)
{
    size_t units = 0;
    for (size_t i = 0; name[i] != '\0' && units < 40; i++) {
        unsigned char c = (unsigned char) name[i];
        if ((c & 0xc0) == 0x80) {
            continue; /* not the first byte of a character */
        }
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
            || (c == '.' && i > 0);
        size_t count = c >= 0xf0 && units < 39 ? 2 : 1;
        text_add_bytes(out, plain ? name + i : "__", count);
        units += count;
    }
}

/* Of the words with a zero byte between them, in hexadecimal. */
static void add_hash(struct text *out, char *const *argv)
{
    unsigned long long hash = hash_of((struct slice){0});
    for (size_t i = 0; argv[i] != NULL; i++) {
        /* The zero byte at a word's end stands for the one between it and the next. */
        hash = hash_more(hash, (struct slice){.at = argv[i], .length = strlen(argv[i]) + (argv[i + 1] != NULL ? 1 : 0)});
    }
    text_format(out, "%016llx", hash);
}

char *server_home(const struct server *server, const struct environment *environment, char **error)
{
    if (server->palace != NULL) {
        return home_of_palace(server->palace, environment, error);
    }
    struct text name = {0};
    text_add(&name, ".local/share/mpx/");
    add_file_name(&name, base_name(server->argv[0]));
    text_add(&name, "-");
    add_hash(&name, server->argv);
    char *path = environment_in_home(environment, text_chars(&name));
    char *home = path_real(path);
    text_free(&name);
    free(path);
    return home;
}
