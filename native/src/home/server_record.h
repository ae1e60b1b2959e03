/* Which server a home's latest daemon shared. */
#ifndef MPX_SERVER_RECORD_H
#define MPX_SERVER_RECORD_H

#include "json_strict.h"
#include "text.h"

#include <stdbool.h>

/* The object with `command` and perhaps `palace`, which lies in `text`; that is to be freed in any case. */
bool server_record_read(const char *home, struct text *text, struct slice *record);

/* Its command, to be freed with words_free; NULL if it holds no word. */
char **server_record_command(struct slice record);

#endif
