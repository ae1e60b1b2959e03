#include "server_record.h"

#include "broker_file.h"
#include "file.h"
#include "target.h"
#include "words.h"

#include <stdlib.h>

#define LARGEST (1u << 20)

static bool names_a_command(struct slice record)
{
    struct slice command, word;
    size_t place = 0;
    return json_strict_member(record, "command", &command) && json_element(command, &place, &word);
}

bool server_record_read(const char *home, struct text *text, struct slice *record)
{
    if (broker_file_read(home, text, record) && names_a_command(*record)) {
        return true;
    }
    text_free(text);
    *text = (struct text){0};
    char *file = path_in(home, "server.json");
    bool is_there = file_is_regular(file) && file_read(file, LARGEST, text)
        && json_strict_read((struct slice){.at = text_chars(text), .length = text->length}, record) && names_a_command(*record);
    free(file);
    return is_there;
}

char **server_record_command(struct slice record)
{
    struct slice command;
    struct slice element;
    struct word_list words = {0};
    for (size_t place = 0; json_strict_member(record, "command", &command) && json_element(command, &place, &element);) {
        char *word = json_text(element);
        if (word != NULL) {
            word_list_take(&words, word);
        }
    }
    return words.words;
}
