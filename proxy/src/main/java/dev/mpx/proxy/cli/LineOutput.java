package dev.mpx.proxy.cli;

import dev.mpx.proxy.status.Plain;
import java.io.PrintStream;

/** Prints each text as one line: whatever is in the paths and messages that it names, see {@link Plain#escaped}. */
final class LineOutput extends PrintStream {
    LineOutput(PrintStream to) {
        super(to, true);
    }

    @Override
    public void println(String text) {
        super.println(Plain.escaped(text));
    }
}
