package dev.mpx.bench;

import dev.mpx.bench.measure.Exchanges;
import dev.mpx.bench.measure.Measurement;
import dev.mpx.bench.measure.Memory;
import dev.mpx.bench.measure.StartTimes;
import dev.mpx.bench.micro.Micro;
import dev.mpx.bench.report.Report;
import dev.mpx.bench.ways.ChildAlone;
import dev.mpx.bench.ways.Installed;
import dev.mpx.bench.ways.Mpx;
import dev.mpx.bench.ways.Peer;
import dev.mpx.bench.ways.Stand;
import dev.mpx.bench.ways.TwoRelays;
import dev.mpx.bench.ways.Way;
import dev.mpx.bench.ways.Workshop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The whole benchmark: all parts of it one after the other, all ways by turns. Started by {@code bench/run}. */
public final class Suite {
    private static final Set<String> PARTS = Set.of("micro", "exchanges", "starts", "memory");
    private static final int ROUNDS_OF_SLOW_WAYS = 3;
    private static final int COLD_STARTS = 5;

    private final Options options;
    private final Workshop workshop;
    private final Book book = new Book();
    private final Measurement measurement;
    private final Installed installed;
    private final List<Way> ways;
    private final long began = System.nanoTime();

    private Suite(Options options, Workshop workshop) {
        this.options = options;
        this.workshop = workshop;
        this.measurement = new Measurement(workshop, options, book);
        this.installed = new Installed(workshop, !options.isShort());
        List<Way> all = new ArrayList<>(
                List.of(new ChildAlone(), new TwoRelays(), new Mpx(installed, false), new Mpx(installed, true)));
        all.addAll(Peer.all(workshop));
        this.ways = wanted(all);
    }

    public static void main(String[] words) throws IOException {
        Options options = Options.of(words);
        Book book;
        try (Workshop workshop = new Workshop(Path.of("").toAbsolutePath())) {
            Suite suite = new Suite(options, workshop);
            book = suite.run();
            new Report(workshop.project(), book, options).publish();
        }
        System.exit(book.isBroken() ? 1 : 0);
    }

    private List<Way> wanted(List<Way> all) {
        Set<String> names = all.stream().map(Way::name).collect(Collectors.toSet());
        List<Way> wanted = new ArrayList<>();
        for (Way way : all) {
            if (way.missing().isPresent()) {
                book.leaveOut(way.name(), way.missing().get());
            } else if (options.wants(way.name(), names) && (way.isOwn() || !options.isShort() || options.only().contains(way.name()))) {
                wanted.add(way);
            } else {
                book.leaveOut(way.name(), "not in this run");
            }
        }
        return wanted;
    }

    private Book run() {
        if (options.wants("micro", PARTS)) {
            say("scan, splice and route");
            new Micro(options.isShort()).measure(book);
        }
        if (options.wants("exchanges", PARTS) || options.wants("starts", PARTS)) {
            byTurns();
        }
        if (options.wants("memory", PARTS)) {
            memory();
        }
        say("done");
        return book;
    }

    private void byTurns() {
        Map<Way, Stand> stands = new LinkedHashMap<>();
        try {
            for (Way way : ways) {
                measurement.attempt(way, "coming up", true, () -> stands.put(way, way.open(workshop)));
            }
            if (options.wants("exchanges", PARTS)) {
                exchanges(stands);
            }
            if (options.wants("starts", PARTS)) {
                starts(stands);
            }
        } finally {
            stands.forEach((way, stand) -> measurement.attempt(way, "going down", stand::close));
        }
    }

    private void exchanges(Map<Way, Stand> stands) {
        Exchanges exchanges = new Exchanges(measurement);
        say("warming up");
        stands.forEach(exchanges::warmUp);
        List<Way> turn = new ArrayList<>(stands.keySet());
        for (int round = 1; round <= options.rounds(); round++) {
            for (Way way : turn) {
                if (way.isQuick() || round <= ROUNDS_OF_SLOW_WAYS) {
                    say("round " + round + " of " + options.rounds() + ": " + way.name());
                    exchanges.measure(way, stands.get(way));
                }
            }
            Collections.rotate(turn, 1);
        }
    }

    private void starts(Map<Way, Stand> stands) {
        StartTimes times = new StartTimes(measurement);
        for (int round = 0; round < (options.isShort() ? 1 : COLD_STARTS); round++) {
            say("starts");
            boolean isFirst = round == 0;
            stands.forEach((way, stand) -> {
                if (way.isQuick() || isFirst) {
                    times.measure(way, stand);
                }
                if (stand instanceof Installed.Home && !(options.isShort() && way.name().equals(Mpx.JAVA))) {
                    times.measureCold(way, installed.home(way.name().equals(Mpx.JAVA)));
                }
            });
        }
    }

    private void memory() {
        Memory memory = new Memory(measurement);
        for (Way way : ways) {
            say("memory: " + way.name());
            onItsOwn(way, stand -> memory.measure(way, stand));
            if (way.name().equals(Mpx.NATIVE)) {
                onItsOwn(way, stand -> memory.measureLargeResults(way, (Installed.Home) stand));
                say("a long run: " + way.name());
                onItsOwn(way, stand -> memory.measureLongRun(way, (Installed.Home) stand));
            }
        }
    }

    private void onItsOwn(Way way, Consumer<Stand> measure) {
        measurement.attempt(way, "coming up", true, () -> {
            try (Stand stand = way.open(workshop)) {
                measure.accept(stand);
            }
        });
    }

    private void say(String what) {
        System.err.printf("bench: %4.0f s  %s%n", (System.nanoTime() - began) / 1e9, what);
    }
}
