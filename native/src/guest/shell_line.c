#include "shell_line.h"

#include "text.h"
#include "words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Unquoted, each of these has the shell do something; = before a command's name sets a variable. */
#define SPECIAL "|&;<>()$`*?[]#~!{}\n\r"
#define ESCAPED_IN_DOUBLE_QUOTES "$`\"\\"

static const char more_than_words[] = "it has the shell do more than run one command";
static const char sets_variable[] = "it has the shell set a variable";
static const char several_lines[] = "it goes over several lines";
static const char unended[] = "it ends within a quotation";

struct reader {
    const char *at;
    const char *why;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool refuse(struct reader *reader, const char *why)
{
    reader->why = why;
    return false;
}

static bool next(struct reader *reader, char *c)
{
    *c = *reader->at;
    if (*c == '\0') {
        return refuse(reader, unended);
    }
    reader->at++;
    return true;
}

static bool add_plain(struct reader *reader, struct text *word, char c)
{
    if (strchr(SPECIAL, c) != NULL || (unsigned char) c < ' ' || c == 0x7f) {
        return refuse(reader, more_than_words);
    }
    text_add_bytes(word, &c, 1);
    return true;
}

static bool add_escaped(struct reader *reader, struct text *word)
{
    char c;
    if (!next(reader, &c)) {
        return false;
    }
    if (c == '\n') {
        return refuse(reader, several_lines);
    }
    text_add_bytes(word, &c, 1);
    return true;
}

static bool add_single_quoted(struct reader *reader, struct text *word)
{
    char c;
    while (next(reader, &c)) {
        if (c == '\'') {
            return true;
        }
        text_add_bytes(word, &c, 1);
    }
    return false;
}

static bool add_double_quoted(struct reader *reader, struct text *word)
{
    char c;
    while (next(reader, &c)) {
        if (c == '"') {
            return true;
        }
        if (c == '$' || c == '`') {
            return refuse(reader, more_than_words);
        }
        if (c == '\\') {
            if (!next(reader, &c)) {
                return false;
            }
            if (c == '\n') {
                return refuse(reader, several_lines);
            }
            text_add(word, strchr(ESCAPED_IN_DOUBLE_QUOTES, c) == NULL ? "\\" : "");
        }
        text_add_bytes(word, &c, 1);
    }
    return false;
}

static bool add_word(struct reader *reader, struct text *word)
{
    bool good = true;
    while (good && *reader->at != '\0' && !is_blank(*reader->at)) {
        char c = *reader->at++;
        good = c == '\''  ? add_single_quoted(reader, word)
            : c == '"'    ? add_double_quoted(reader, word)
            : c == '\\'   ? add_escaped(reader, word)
                          : add_plain(reader, word, c);
    }
    return good;
}

static void skip_blanks(struct reader *reader)
{
    while (is_blank(*reader->at)) {
        reader->at++;
    }
}

char **shell_line_words(const char *line, const char **why)
{
    struct reader reader = {.at = line};
    struct word_list words = {0};
    for (skip_blanks(&reader); *reader.at != '\0'; skip_blanks(&reader)) {
        struct text word = {0};
        bool good = add_word(&reader, &word);
        if (good && words.count == 0 && strchr(text_chars(&word), '=') != NULL) {
            good = refuse(&reader, sets_variable);
        }
        if (!good) {
            text_free(&word);
            words_free(words.words);
            *why = reader.why;
            return NULL;
        }
        text_add(&word, ""); /* so that an empty one is a word, too */
        word_list_take(&words, text_take(&word));
    }
    return word_list_end(&words);
}
