#include "broker_file.h"

#include "file.h"
#include "target.h"

#include <stdlib.h>

#define LARGEST (1u << 20)

/* As in Java: who listens nowhere is not there. */
static bool lists_a_text(struct slice array)
{
    struct slice element;
    for (size_t place = 0; json_element(array, &place, &element);) {
        if (json_kind(element) == JSON_STRING) {
            return true;
        }
    }
    return false;
}

bool broker_file_read(const char *home, struct text *text, struct slice *broker)
{
    char *file = path_in(home, "broker.json");
    struct slice value;
    long long pid;
    *text = (struct text){0};
    bool makes_sense = file_is_regular(file) && file_read(file, LARGEST, text)
        && json_strict_read((struct slice){.at = text_chars(text), .length = text->length}, broker)
        && json_strict_member(*broker, "pid", &value) && json_integer(value, &pid)
        && json_strict_member(*broker, "endpoints", &value) && lists_a_text(value);
    free(file);
    return makes_sense;
}
