package dev.mpx.guard;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command line of a guard: values, each {@code with…} gives another. */
record Guard(Path program, List<Path> locks, List<String> more, Duration eof, Duration term) {
    /** Longer than any test: what is given this must not be what ends a tree. */
    static final Duration NEVER = Duration.ofMinutes(10);

    private static final Duration SOON = Duration.ofMillis(300);

    static Guard locking(Path... locks) {
        return new Guard(NativeProgram.program(), List.of(locks), List.of(), SOON, SOON);
    }

    Guard withEof(Duration grace) {
        return new Guard(program, locks, more, grace, term);
    }

    Guard withTerm(Duration grace) {
        return new Guard(program, locks, more, eof, grace);
    }

    Guard withParent(long pid) {
        return new Guard(program, locks, List.of("--parent", Long.toString(pid)), eof, term);
    }

    /** For an earlier one that is about to end. */
    Guard withWait(Duration limit) {
        return new Guard(program, locks, List.of("--wait-ms", Long.toString(limit.toMillis())), eof, term);
    }

    /** Over a job, as {@code mpx run} starts it. */
    Guard ofJob(int job, String... options) {
        List<String> words = new ArrayList<>(List.of("--job", Integer.toString(job), "--stay"));
        words.addAll(List.of(options));
        return new Guard(program, locks, words, Duration.ZERO, term);
    }

    /** The one that {@code LD_PRELOAD} works on, which it does not on a program that is linked statically. */
    Guard preloadable() {
        return new Guard(NativeProgram.fixture("mpx"), locks, more, eof, term);
    }

    /** The whole command line of a guard over {@code command}. */
    String[] command(String... command) {
        List<String> words = new ArrayList<>(List.of(program.toString(), "guard"));
        locks.forEach(lock -> words.addAll(List.of("--lock", lock.toString())));
        words.addAll(more);
        words.addAll(List.of("--eof-ms", Long.toString(eof.toMillis()), "--term-ms", Long.toString(term.toMillis())));
        words.add("--");
        return Spawned.joined(words, command);
    }

    /** A guard over the tree that the fixture grows: sh, a process, and its four. */
    String[] overTree(String... flags) {
        // What follows keeps sh from becoming the process itself.
        String[] shell = {"/bin/sh", "-c", "\"$0\" \"$@\"; exit $?", NativeProgram.fixture("tree").toString()};
        return command(Stream.of(shell, flags).flatMap(Stream::of).toArray(String[]::new));
    }

    Spawned start(String... command) throws IOException {
        return Spawned.start(command(command));
    }

    Spawned startTree(String... flags) throws IOException, InterruptedException {
        return Spawned.start(overTree(flags)).awaitReady();
    }
}
