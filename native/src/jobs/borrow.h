/* What a borrower says to the daemon, and hears from it: docs/jobs.md, "On the wire". */
#ifndef MPX_BORROW_H
#define MPX_BORROW_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

/* What is to be run, and how. */
struct terms {
    const char *key;
    char *const *command;
    const char *directory;
    int64_t wait_ms; /* -1: as long as it takes */
    int64_t timeout_ms; /* 0: no limit */
    bool detached;
};

/* The request with its newline. `resumes`: it runs already. */
void borrow_add(struct text *text, const struct terms *terms, int64_t wait_ms, bool resumes);

void borrow_add_return(struct text *text, long long job, int status);

/* Answered at once by whoever is well. */
void borrow_add_ping(struct text *text);

enum told {
    TOLD_NOTHING, /* that matters here */
    TOLD_QUEUED,
    TOLD_LENT,
    TOLD_JOINED,
    TOLD_LEAVES, /* the daemon; the next one is to be asked */
    TOLD_REFUSED,
    TOLD_RETURNED
};

/* The texts and words are its own. */
struct reply {
    enum told told;
    long long job;
    char **locks;    /* of LENT */
    bool has_status; /* of JOINED */
    int status;
    long long ahead; /* of QUEUED */
    long long running; /* the job that has the palace; 0: none */
    char *command;   /* its command, or NULL */
    char *since;     /* when it began, ISO 8601, or NULL */
    char *message;   /* of REFUSED */
};

void reply_read(struct reply *out, const char *line);
void reply_free(struct reply *reply);

#endif
