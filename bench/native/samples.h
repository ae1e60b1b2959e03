/* How long calls took, in nanoseconds. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct samples {
    uint64_t *values;
    size_t count;
    size_t room;
};

void samples_add(struct samples *samples, uint64_t value);
void samples_join(struct samples *all, const struct samples *more);
void samples_sort(struct samples *samples);

/* The value that so many of a thousand don't exceed, of sorted samples; 0 of none. */
uint64_t samples_quantile(const struct samples *sorted, unsigned per_mille);

#endif
