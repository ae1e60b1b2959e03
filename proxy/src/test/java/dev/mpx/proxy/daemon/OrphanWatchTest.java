package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.status.OrphanView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Timeout(20)
class OrphanWatchTest {
    private static final List<OrphanView> ONE = List.of(new OrphanView(7, "mempalace mine x", Duration.ofSeconds(3)));

    private final Scheduler loop = Schedulers.newSingle("loop");

    @AfterEach
    void end() {
        loop.dispose();
    }

    private List<OrphanView> ask(OrphanWatch watch) throws Exception {
        CompletableFuture<List<OrphanView>> answer = new CompletableFuture<>();
        loop.schedule(() -> watch.ask(answer::complete));
        return answer.get(10, TimeUnit.SECONDS);
    }

    private OrphanWatch watch(Supplier<List<OrphanView>> search) {
        return new OrphanWatch(search, loop);
    }

    /** Red when every status looks for itself. */
    @Test
    void manyWhoAskCauseOneSearch() throws Exception {
        AtomicInteger searches = new AtomicInteger();
        OrphanWatch watch = watch(() -> {
            searches.incrementAndGet();
            return ONE;
        });
        for (int i = 0; i < 50; i++) {
            assertThat(ask(watch)).isEqualTo(ONE);
        }
        assertThat(searches).hasValue(1);
    }

    /** Red when a status waits for the search. */
    @Test
    void aSlowSearchIsNotWaitedForAndCountsForTheNextWhoAsks() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger searches = new AtomicInteger();
        OrphanWatch watch = watch(() -> {
            searches.incrementAndGet();
            try {
                go.await();
                return ONE;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                done.countDown();
            }
        });
        assertThat(ask(watch)).isEmpty();
        assertThat(ask(watch)).isEmpty();
        go.countDown();
        done.await();
        assertThat(ask(watch)).isEqualTo(ONE);
        assertThat(searches).as("also given up, the first one went on").hasValue(1);
    }

    @Test
    void aSearchThatFailsHasFoundNobody() throws Exception {
        assertThat(ask(watch(() -> {
            throw new IllegalStateException("no /proc");
        }))).isEmpty();
    }
}
