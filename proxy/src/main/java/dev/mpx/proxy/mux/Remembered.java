package dev.mpx.proxy.mux;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets its oldest entry when it would grow over its bound. */
final class Remembered<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    private final int bound;

    Remembered(int bound) {
        this.bound = bound;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > bound;
    }
}
