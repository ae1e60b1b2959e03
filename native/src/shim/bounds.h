/* Limits of the shim; docs/shim.md gives their reasons. */
#ifndef MPX_BOUNDS_H
#define MPX_BOUNDS_H

/* A line up to this, its newline included, goes on only as a whole. So many bytes wait for a daemon, too. */
#define LONGEST_LINE ((size_t) 1 << 20)
/* Read at once. */
#define CHUNK ((size_t) 64 << 10)
/* What waits for a slow reader before no more is read from the other side. */
#define MOST_PENDING ((size_t) 128 << 10)
/* The daemon's answer to a repeated `initialize`, which can't be cut through. */
#define LONGEST_WELCOME ((size_t) 16 << 20)

#endif
