package dev.mpx.bench.micro;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.LineSplitter;
import dev.mpx.framing.Message;
import dev.mpx.framing.Splicer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is done with the bytes of one message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LineBenchmark {
    private static final int LIMIT = 64 << 20;

    @Param({"100", "20480", "1048576"})
    public int size;

    private byte[] line;
    private Frame frame;
    private Message.Response response;
    private final byte[] id = "4711000".getBytes(StandardCharsets.US_ASCII);

    @Setup
    public void prepare() {
        frame = Frame.of(Messages.answer("17", size));
        line = (frame + "\n").getBytes(StandardCharsets.UTF_8);
        response = (Message.Response) scan();
        if (split().isEmpty() || splice().length() != frame.length() + id.length - 2) {
            throw new IllegalStateException("what is measured does not work");
        }
    }

    /** The line out of a chunk that holds it. */
    @Benchmark
    public Optional<Line> split() {
        return new LineSplitter(LIMIT).next(ByteBuffer.wrap(line));
    }

    /** From the line's bytes to what kind of message it is and where its members stand. */
    @Benchmark
    public Message scan() {
        return Message.read(frame);
    }

    /** Another id in the place of its own. */
    @Benchmark
    public Frame splice() {
        return new Splicer(frame).replace(response.idValue(), id).splice();
    }
}
