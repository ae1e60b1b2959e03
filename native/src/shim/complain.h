/* What went wrong, on stderr: for the agent's log. Never waits for a reader. */
#ifndef MPX_COMPLAIN_H
#define MPX_COMPLAIN_H

#include "text.h"

/* "mpx: " and the text. */
void complain(const char *text);

/* What belongs to the text before, indented. */
void complain_more(const char *text);

/* Each element of a JSON array of texts so: the last lines of a daemon that could not start. Nothing for what is none. */
void complain_log(const struct text *log);

#endif
