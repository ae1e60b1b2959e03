package dev.mpx.framing;

/** What a {@link LineSplitter} makes of the bytes between two newlines: a frame, or the trace of a line that was too long. */
public sealed interface Line permits Frame, OversizedLine {}
