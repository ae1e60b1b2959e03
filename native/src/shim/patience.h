/* How long a session goes without a daemon before nobody is kept waiting, and how often one is looked for. */
#ifndef MPX_PATIENCE_H
#define MPX_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct patience {
    int64_t limit_ms;
    int64_t since_ms;     /* the start, or the loss */
    int64_t connected_ms; /* to the daemon before; 0: there was none */
    int64_t pause_ms;
    int64_t last_try_ms;
    int64_t next_try_ms;
    bool calm; /* nobody is kept waiting */
};

void patience_init(struct patience *patience, int64_t now);
void patience_connected(struct patience *patience, int64_t now);
/* The daemon is gone: the first try is at once, unless it was gone again in no time. */
void patience_lost(struct patience *patience, int64_t now);
/* A try came to nothing. */
void patience_failed(struct patience *patience, int64_t now);

/* Nobody is kept waiting any more. A try may cost two JVMs: they become rare, until somebody asks. */
void patience_calms(struct patience *patience);
/* Somebody has asked in vain. */
void patience_asked(struct patience *patience, int64_t now);

int64_t patience_ends(const struct patience *patience);
/* From here on an agent that asks whether anybody is there gets an answer. */
int64_t patience_gets_slow(const struct patience *patience);

#endif
