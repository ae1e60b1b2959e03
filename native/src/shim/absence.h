/* Why there is no daemon, in the words in which the agent and its log hear of it. */
#ifndef MPX_ABSENCE_H
#define MPX_ABSENCE_H

#include "answers.h"
#include "finder.h"
#include "patience.h"
#include "text.h"

#include <stdint.h>

/* A zeroed one has nothing to say yet. */
struct absence {
    struct text why;
    struct text reason;
    struct text log; /* a JSON array of lines, or empty */
};

/* What requests are refused with. Points into `absence`. */
struct failure absence_failure(const struct absence *absence);

/* The last try came to nothing. */
void absence_explain_failure(struct absence *absence, const struct finder *finder);

/* Nobody has answered for as long as the patience lasts. */
void absence_explain_silence(struct absence *absence, const struct finder *finder, const struct patience *patience, int64_t now);

/* Who asks in vain hears of the last try, not of the first. */
void absence_explain_again(struct absence *absence, const struct finder *finder, const struct patience *patience, int64_t now);

/* There is none to come. */
void absence_explain_refusal(struct absence *absence, const struct finder *finder);

/* The reason and the log, of the last try as well. */
void absence_note_trouble(struct absence *absence, const struct finder *finder);

/* Once, on standard error. */
void absence_complain(const struct absence *absence);

#endif
