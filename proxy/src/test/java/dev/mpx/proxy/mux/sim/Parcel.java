package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Line;

/** A line on its way to the multiplexer, with what its writer meant by it. */
record Parcel<M>(Line line, M meaning) {}
