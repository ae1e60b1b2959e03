package dev.mpx.bench.measure;

import dev.mpx.bench.Book;
import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.bench.Options;
import dev.mpx.bench.drive.Crowd;
import dev.mpx.bench.drive.Load;
import dev.mpx.bench.ways.Stand;
import dev.mpx.bench.ways.Way;
import dev.mpx.bench.ways.Workshop;
import java.util.HashSet;
import java.util.Set;

/** What every measurement has at hand. Not thread-safe. */
public final class Measurement {
    /** The session count at which several ways of loading are compared. */
    static final int SOME_SESSIONS = 8;

    private final Workshop workshop;
    private final Options options;
    private final Book book;
    private final Set<String> given = new HashSet<>();

    public Measurement(Workshop workshop, Options options, Book book) {
        this.workshop = workshop;
        this.options = options;
        this.book = book;
    }

    public Workshop workshop() {
        return workshop;
    }

    public Options options() {
        return options;
    }

    public Book book() {
        return book;
    }

    /** Sessions of a way that is up, warm. */
    Crowd open(Stand stand, Load load) {
        return workshop.driver().open(stand.command(), stand.environment(), load);
    }

    /** A load of the usual length. */
    Load usual(int sessions) {
        return Load.plain().sessions(sessions).seconds(options.seconds()).warm(options.warm());
    }

    /** Does a part, and notes it if that fails; what a peer can't do once is not tried again. @return whether it was done */
    public boolean attempt(Way way, String what, Runnable part) {
        return attempt(way, what, way.isOwn(), part);
    }

    /** @param fatal whether the benchmark is broken if this fails */
    public boolean attempt(Way way, String what, boolean fatal, Runnable part) {
        if (given.contains(way.name() + what)) {
            return false;
        }
        workshop.proceed();
        try {
            part.run();
            return true;
        } catch (BrokenBenchmark e) {
            workshop.proceed();
            given.add(way.name() + what);
            book.addFault(new Book.Fault(way.name(), what, e.getMessage(), fatal));
            System.err.println("bench: " + way.name() + ", " + what + ": " + e.getMessage());
            return false;
        }
    }
}
