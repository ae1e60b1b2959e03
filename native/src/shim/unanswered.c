#include "unanswered.h"

void unanswered_refuse(struct memory *memory, struct down *down, struct request *request, const struct failure *failure, int64_t now)
{
    struct text answer = {0};
    struct slice id = {.at = request->id, .length = request->length};
    answers_refuse(&answer, id, failure, now - request->read_ms, request->wait_ms);
    down_say(down, &answer);
    text_free(&answer);
    requests_remove(&memory->asked, request);
}

void unanswered_refuse_all(struct memory *memory, struct down *down, const struct failure *failure, bool with_handshake, int64_t now)
{
    struct request *next;
    for (struct request *each = memory->asked.first; each != NULL; each = next) {
        next = each->next;
        if (with_handshake || each->purpose != ASKS_INITIALIZE) {
            unanswered_refuse(memory, down, each, failure, now);
        }
    }
}

void unanswered_take_back(struct memory *memory, struct down *down)
{
    struct requests *served = &memory->served;
    struct text lines = {0};
    while (served->first != NULL) {
        answers_take_back(&lines, (struct slice){.at = served->first->id, .length = served->first->length});
        requests_remove(served, served->first);
    }
    down_say(down, &lines);
    text_free(&lines);
}
