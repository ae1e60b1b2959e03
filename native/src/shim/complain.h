/* What went wrong, on stderr: for the agent's log. Never waits for a reader. */
#ifndef MPX_COMPLAIN_H
#define MPX_COMPLAIN_H

/* "mpx: " and the text. */
void complain(const char *text);

/* What belongs to the text before, indented. */
void complain_more(const char *text);

#endif
