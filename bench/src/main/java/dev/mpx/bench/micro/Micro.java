package dev.mpx.bench.micro;

import dev.mpx.bench.Book;
import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.bench.Figure;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of this package, each in a JVM of its own, and notes what they cost. */
public final class Micro {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final boolean isShort;

    public Micro(boolean isShort) {
        this.isShort = isShort;
    }

    /** @throws BrokenBenchmark if one of them fails */
    public void measure(Book book) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(LineBenchmark.class.getName() + ".*")
                .include(RouteBenchmark.class.getName() + ".*")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgs("-XX:+UseSerialGC", "-Xmx512m", "-Djava.util.logging.config.file=/dev/null")
                .forks(1)
                .warmupIterations(isShort ? 1 : 6)
                .warmupTime(TimeValue.milliseconds(isShort ? 50 : 500))
                .measurementIterations(isShort ? 1 : 3)
                .measurementTime(TimeValue.milliseconds(isShort ? 50 : 500));
        if (isShort) {
            options.param("size", "100");
        }
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            results.forEach(result -> note(book, result));
            if (results.isEmpty()) {
                throw new BrokenBenchmark("JMH ran nothing");
            }
        } catch (RunnerException e) {
            throw new BrokenBenchmark("a JMH benchmark failed", e);
        }
    }

    private static void note(Book book, RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
        long size = Long.parseLong(result.getParams().getParam("size"));
        book.add(Figure.MICRO_TIME, name, size, result.getPrimaryResult().getScore());
        result.getSecondaryResults().forEach((label, value) -> {
            if (label.endsWith(ALLOCATED)) {
                book.add(Figure.MICRO_ALLOCATED, name, size, value.getScore());
            }
        });
    }
}
