/* Short names for long texts: 64-bit FNV-1a, as Java's `Hash`. Not for secrets. */
#ifndef MPX_HASH_H
#define MPX_HASH_H

#include "text.h"

unsigned long long hash_of(struct slice bytes);

/* The hash of more bytes behind those before. */
unsigned long long hash_more(unsigned long long hash, struct slice bytes);

#endif
