package dev.mpx.transports;

import static org.awaitility.Awaitility.await;

import dev.mpx.framing.Line;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that asks for what the test tells it to ask for. */
public class Received extends BaseSubscriber<Line> {
    public final List<Line> lines = new CopyOnWriteArrayList<>();
    public volatile boolean completed;
    public volatile boolean failed;
    private final long first;

    public Received(long first) {
        this.first = first;
    }

    public static Received all() {
        return new Received(Long.MAX_VALUE);
    }

    public List<String> texts() {
        return lines.stream().map(Object::toString).toList();
    }

    public Received awaitLines(int count) {
        await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(2)).until(() -> lines.size() >= count);
        return this;
    }

    public void awaitCompletion() {
        await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(2)).until(() -> completed);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (first > 0) {
            request(first);
        }
    }

    @Override
    protected void hookOnNext(Line line) {
        lines.add(line);
    }

    @Override
    protected void hookOnComplete() {
        completed = true;
    }

    @Override
    protected void hookOnError(Throwable e) {
        failed = true;
    }
}
