#include "absence.h"

#include "complain.h"

/* Before the reason: that may end in a command, which no sentence must follow. */
static const char NOTHING_SENT[] = "Nothing of this request was sent; mpx keeps trying.";

struct failure absence_failure(const struct absence *absence)
{
    return (struct failure){.code = NO_DAEMON,
                            .reason = absence->reason.length > 0 ? absence->reason.bytes : "no-daemon",
                            .message = text_chars(&absence->why),
                            .log = absence->log.length > 0 ? absence->log.bytes : NULL};
}

void absence_explain_failure(struct absence *absence, const struct finder *finder)
{
    absence->why.length = 0;
    text_format(&absence->why, "%s %s", NOTHING_SENT, text_chars(&finder->trouble));
}

void absence_explain_silence(struct absence *absence, const struct finder *finder, const struct patience *patience, int64_t now)
{
    absence->why.length = 0;
    text_format(&absence->why, "No mpx daemon has answered for %lld s. %s%s%s", (long long) ((now - patience->since_ms) / 1000),
                NOTHING_SENT, finder->trouble.length > 0 ? " " : "", text_chars(&finder->trouble));
}

void absence_explain_again(struct absence *absence, const struct finder *finder, const struct patience *patience, int64_t now)
{
    if (patience->connected_ms == 0) {
        absence_explain_failure(absence, finder);
    } else {
        absence_explain_silence(absence, finder, patience, now);
    }
    absence_note_trouble(absence, finder);
}

void absence_explain_refusal(struct absence *absence, const struct finder *finder)
{
    absence->why.length = 0;
    text_add(&absence->why, text_chars(&finder->trouble));
}

void absence_note_trouble(struct absence *absence, const struct finder *finder)
{
    absence->reason.length = 0;
    text_add(&absence->reason, text_chars(&finder->reason));
    absence->log.length = 0;
    text_add(&absence->log, text_chars(&finder->log));
}

void absence_complain(const struct absence *absence)
{
    complain(text_chars(&absence->why));
    complain_log(&absence->log);
}
