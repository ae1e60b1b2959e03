package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LeaseTest {
    private static final Lease.Pace PACE =
            new Lease.Pace(Duration.ofMillis(100), Duration.ofMillis(1500), Duration.ofMillis(300), Duration.ofMillis(20));
    private static final LeaseRecord REMOTE = new LeaseRecord("other", "box", "another-boot", "pid:[1]", 7, "ticks:1", 3);

    @TempDir
    private Path directory;

    private Path file;
    private Path data;

    @BeforeEach
    void name() {
        file = directory.resolve("owner.lease");
        data = directory.resolve(".mpx-owner.lease");
    }

    private Lease take(boolean isShared) throws IOException {
        return Lease.take(file, List.of(data), isShared, PACE);
    }

    private LeaseRecord record() throws IOException {
        return LeaseRecord.read(file).orElseThrow();
    }

    @Test
    void whatIsWrittenIsReadAndAlwaysAsLong() throws IOException {
        REMOTE.write(file, true);
        long size = Files.size(file);
        assertThat(LeaseRecord.read(file)).contains(REMOTE);
        LeaseRecord longest = new LeaseRecord("0".repeat(32), "h".repeat(64), "b".repeat(36), "pid:[4026531836]", Long.MAX_VALUE,
                "ticks:" + Long.MAX_VALUE, Long.MAX_VALUE);
        longest.write(file, false);
        assertThat(LeaseRecord.read(file)).contains(longest);
        assertThat(Files.size(file)).isEqualTo(size);
    }

    @Test
    void nonsenseIsNoLease() throws IOException {
        Files.writeString(file, "{\"owner\":");
        assertThat(LeaseRecord.read(file)).isEmpty();
        assertThat(LeaseRecord.read(data)).isEmpty();
    }

    @Test
    void onAFileSystemOfItsOwnItIsTakenAtOnceRenewedAndGivenUp() throws IOException {
        long begun = System.nanoTime();
        try (Lease lease = take(false)) {
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PACE.watch());
            assertThat(data).doesNotExist();
            await().atMost(Duration.ofSeconds(10)).until(() -> record().count() > 0);
            assertThat(lease).isNotNull();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void oneOfADeadProcessThatItWouldSeeIsNotWaitedFor() throws IOException {
        LeaseRecord mine = LeaseRecord.mine();
        new LeaseRecord("dead", mine.host(), mine.boot(), mine.space(), 1, "ticks:1", 5).write(file, false);
        long begun = System.nanoTime();
        try (Lease lease = take(true)) {
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PACE.watch());
            assertThat(lease).isNotNull();
            assertThat(LeaseRecord.read(data)).contains(record());
        }
    }

    @Test
    void aLeaseThatIsRenewedIsRespectedAndItsOwnerNamed() throws Exception {
        REMOTE.write(data, false);
        CompletableFuture<Void> renewal = CompletableFuture.runAsync(() -> {
            try {
                REMOTE.next().write(data, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, CompletableFuture.delayedExecutor(PACE.watch().toMillis() / 3, TimeUnit.MILLISECONDS));
        assertThatThrownBy(() -> take(false)).isInstanceOf(HomeException.class)
                .hasMessageContainingAll("process id 7 on \"box\"", data.toString());
        renewal.get();
        assertThat(file).doesNotExist();
    }

    @Test
    void oneThatDoesNotChangeIsTakenOverWhateverItSays() throws IOException {
        REMOTE.write(file, false);
        long begun = System.nanoTime();
        try (Lease lease = take(false)) {
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(PACE.watch());
            assertThat(record().owner()).isNotEqualTo(REMOTE.owner());
            assertThat(lease).isNotNull();
        }
    }

    /** Both give way if each has written one of the two files last. */
    @Test
    void ofTwoWhoWriteInTheSameMomentOneAtMostGetsIt() throws Exception {
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        List<Lease> taken = new CopyOnWriteArrayList<>();
        Runnable candidate = () -> {
            try {
                taken.add(take(true));
            } catch (IOException | HomeException e) {
                refused.add(e);
            }
        };
        Thread one = new Thread(candidate);
        Thread two = new Thread(candidate);
        one.start();
        two.start();
        one.join();
        two.join();
        assertThat(taken).hasSizeLessThanOrEqualTo(1);
        assertThat(refused).hasSize(2 - taken.size()).allSatisfy(why -> assertThat(why).isInstanceOf(HomeException.class));
        for (Lease lease : taken) {
            lease.close();
        }
    }

    @Test
    void anOwnerWhoseLeaseWasTakenIsToldAndLeavesTheOthersAlone() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Lease lease = take(false)) {
            lease.onLost(told::add);
            REMOTE.write(file, false);
            await().atMost(Duration.ofSeconds(10)).until(() -> !told.isEmpty());
        }
        assertThat(told).hasSize(1).first().asString().contains("box");
        assertThat(LeaseRecord.read(file)).contains(REMOTE);
    }
}
