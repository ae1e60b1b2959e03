package dev.mpx.proxy.mux.schema;

/** How many bytes may still be looked at for one page: references within a schema can multiply without end. */
final class Work {
    private static final int PER_BYTE = 16;
    private static final int LEAST = 1 << 20;

    private long left;

    /** @param page the page's length in bytes */
    Work(int page) {
        left = (long) PER_BYTE * page + LEAST;
    }

    /** Whether so many more may be; they then count. */
    boolean allows(int bytes) {
        left -= bytes;
        return left >= 0;
    }
}
