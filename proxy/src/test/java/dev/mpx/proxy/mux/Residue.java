package dev.mpx.proxy.mux;

import java.util.Map;

/** Lets the simulation, which lives in a package of its own, look for what a multiplexer has kept. */
public final class Residue {
    private Residue() {}

    /** Counts by what is kept; see {@link Multiplexer#residue()}. */
    public static Map<String, Integer> of(Multiplexer multiplexer) {
        return multiplexer.residue();
    }
}
