#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct samples *samples, size_t count)
{
    if (count > samples->room) {
        samples->room = count > 2 * samples->room ? count : 2 * samples->room;
        samples->values = realloc(samples->values, samples->room * sizeof *samples->values);
        if (samples->values == NULL) {
            perror("driver: memory");
            exit(1);
        }
    }
}

void samples_add(struct samples *samples, uint64_t value)
{
    reserve(samples, samples->count + 1);
    samples->values[samples->count++] = value;
}

void samples_join(struct samples *all, const struct samples *more)
{
    if (more->count > 0) {
        reserve(all, all->count + more->count);
        memcpy(all->values + all->count, more->values, more->count * sizeof *more->values);
        all->count += more->count;
    }
}

static int compare(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *) one, b = *(const uint64_t *) other;
    return a < b ? -1 : a > b;
}

void samples_sort(struct samples *samples)
{
    if (samples->count > 0) {
        qsort(samples->values, samples->count, sizeof *samples->values, compare);
    }
}

uint64_t samples_quantile(const struct samples *sorted, unsigned per_mille)
{
    return sorted->count == 0 ? 0 : sorted->values[(sorted->count - 1) * per_mille / 1000];
}
