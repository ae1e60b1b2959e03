#include "wrap.h"

#include <string.h>

#define CONTINUED " \\"

/* Those of three bytes are wide but for U+0800..0FFF and U+2000..2FFF (dashes, quotes, arrows); those of four are. */
static size_t width_of(unsigned char first)
{
    bool is_inside = (first & 0xc0) == 0x80;
    return is_inside ? 0 : first > 0xe0 && first != 0xe2 ? 2 : 1;
}

size_t wrap_columns(struct slice text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.length; i++) {
        columns += width_of((unsigned char) text.at[i]);
    }
    return columns;
}

/* Where the last line of the text has come to. */
static size_t column(const struct text *text)
{
    size_t from = text->length;
    while (from > 0 && text->bytes[from - 1] != '\n') {
        from--;
    }
    return wrap_columns((struct slice){.at = text_chars(text) + from, .length = text->length - from});
}

static size_t word_length(const char *word, enum wrap how)
{
    bool is_quoted = false;
    size_t at = 0;
    for (; word[at] != '\0' && (is_quoted || word[at] != ' '); at++) {
        if (how == WRAP_COMMAND && word[at] == '\'') {
            is_quoted = !is_quoted;
        } else if (how == WRAP_COMMAND && !is_quoted && word[at] == '\\' && word[at + 1] != '\0') {
            at++;
        }
    }
    return at;
}

static void begin_line(struct text *out, size_t indent)
{
    text_add(out, "\n");
    while (indent-- > 0) {
        text_add(out, " ");
    }
}

void wrap_add(struct text *out, const char *words, enum wrap how, size_t columns, size_t indent)
{
    if (how == WRAP_COMMAND && *words != '\0' && column(out) > indent) {
        if (columns > 0 && column(out) + 1 + wrap_columns(slice_of(words)) > columns) {
            begin_line(out, indent);
        } else {
            text_add(out, " ");
        }
    }
    const char *between = "";
    while (*words != '\0') {
        struct slice word = {.at = words, .length = word_length(words, how)};
        bool is_last = words[word.length] == '\0';
        size_t room = how == WRAP_COMMAND && !is_last ? sizeof CONTINUED - 1 : 0;
        if (columns > 0 && column(out) + strlen(between) > indent && column(out) + strlen(between) + wrap_columns(word) + room > columns) {
            text_add(out, how == WRAP_COMMAND && *between != '\0' ? CONTINUED : "");
            begin_line(out, indent);
        } else {
            text_add(out, between);
        }
        text_add_slice(out, word);
        between = " ";
        words += word.length + (is_last ? 0 : 1);
    }
}
