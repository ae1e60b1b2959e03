package dev.mpx.proxy.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.mux.Bench;
import dev.mpx.proxy.mux.Control;
import dev.mpx.proxy.mux.FakeChild;
import dev.mpx.proxy.mux.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** docs/jobs.md, "Rules". */
class JobQueueTest {
    private final Bench bench = new Bench();
    private final AtomicReference<String> over = new AtomicReference<>("the server");
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final JobQueue queue = new JobQueue(
            bench.mux.lending(), bench.time, List.of(Path.of("/h/child.lock")), Mono.fromSupplier(this::look), refused::incrementAndGet);

    private String look() {
        looks.incrementAndGet();
        return over.get();
    }

    private static final class Borrower implements Control.Asker {
        final List<String> heard = new ArrayList<>();
        private Runnable onGone = () -> {};

        @Override
        public void answer(byte[] json) {
            heard.add(new String(json, StandardCharsets.UTF_8));
        }

        @Override
        public void refuse(Fault fault) {
            heard.add("" + fault.code());
        }

        @Override
        public void tell(String method, byte[] params) {
            heard.add(method + new String(params, StandardCharsets.UTF_8));
        }

        @Override
        public void onGone(Runnable then) {
            onGone = then;
        }

        @Override
        public Object connection() {
            return this;
        }

        void leaves() {
            onGone.run();
        }

        String latest() {
            return heard.get(heard.size() - 1);
        }
    }

    private static Optional<JsonValue> json(String text) {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private Borrower order(String key, String more) {
        Borrower borrower = new Borrower();
        queue.borrow(json("{\"key\":\"" + key + "\",\"command\":[\"run\",\"" + key + "\"]" + more + "}"), borrower);
        return borrower;
    }

    private Borrower order(String key) {
        return order(key, "");
    }

    private static String lent(long job) {
        return "{\"outcome\":\"lent\",\"job\":" + job + ",\"locks\":[\"/h/child.lock\"]}";
    }

    private void giveBack(Borrower borrower, long job, int status) {
        queue.giveBack(json("{\"job\":" + job + ",\"status\":" + status + "}"), borrower);
        assertThat(borrower.latest()).isEqualTo("{}");
    }

    private void isRefusedToGiveBack(Borrower borrower, long job) {
        queue.giveBack(json("{\"job\":" + job + ",\"status\":0}"), borrower);
        assertThat(borrower.latest()).isEqualTo("-32602");
    }

    @Test
    void oneAtATimeInOrderOfArrival() {
        Borrower first = order("a");
        Borrower second = order("b");
        Borrower third = order("c");

        assertThat(first.heard).containsExactly(lent(1));
        assertThat(second.heard).singleElement().asString()
                .startsWith("mpx/queued{\"job\":2,\"ahead\":1,\"running\":{\"job\":1,\"command\":\"run a\",\"since\":\"");
        assertThat(third.heard).singleElement().asString().contains("\"ahead\":2");
        giveBack(first, 1, 0);
        assertThat(second.heard).last().isEqualTo(lent(2));
        assertThat(third.heard).hasSize(1);
        giveBack(second, 2, 0);
        assertThat(third.heard).last().isEqualTo(lent(3));
    }

    // red when a job that runs is joined, and when two of one key wait
    @Test
    void whatRunsIsRunOnceMoreAndNoOftener() {
        Borrower first = order("a");
        Borrower once = order("a");
        Borrower joins = order("a");
        Borrower detached = order("a", ",\"detached\":true");

        assertThat(detached.heard).singleElement().asString().startsWith("mpx/queued");
        giveBack(first, 1, 0);
        assertThat(once.heard).last().isEqualTo(lent(2));
        assertThat(detached.latest()).isEqualTo("{\"outcome\":\"joined\",\"job\":2}");
        assertThat(joins.heard).noneMatch(line -> line.contains("outcome"));
        giveBack(once, 2, 3);
        assertThat(joins.heard).last().isEqualTo("{\"outcome\":\"joined\",\"job\":2,\"status\":3}");
        assertThat(queue.views()).filteredOn(job -> !job.state().equals("ended")).isEmpty();
    }

    @Test
    void moreThanSixteenThatWaitAreRefused() {
        Borrower first = order("k0");
        for (int i = 1; i <= JobQueue.MOST_WAITING; i++) {
            order("k" + i);
        }

        assertThat(order("one more").heard).containsExactly("-32013");
        assertThat(refused).hasValue(1);
        assertThat(order("k7", ",\"detached\":true").heard).as("joining takes no room").first().asString().startsWith("mpx/queued");
        giveBack(first, 1, 0);
        assertThat(order("one more").heard).first().asString().startsWith("mpx/queued");
    }

    @Test
    void aConnectionThatEndsGivesThePalaceBack() {
        Borrower first = order("a");
        Borrower second = order("b");
        first.leaves();

        assertThat(second.heard).last().isEqualTo(lent(2));
        isRefusedToGiveBack(first, 1);
    }

    // red when the number alone gives a job's palace back
    @Test
    void nobodyGivesBackWhatAnotherHasBorrowed() {
        Borrower first = order("a");
        Borrower second = order("b");
        isRefusedToGiveBack(second, 1);
        isRefusedToGiveBack(first, 2);

        assertThat(queue.views()).extracting(JobView::state).containsExactly("running", "waiting");
        giveBack(first, 1, 0);
    }

    // red when those who have joined are told of an end that nobody knows, and when they go to the end of the queue
    @Test
    void whoJoinedOneThatWentWithoutAWordRunsItItselfAndBeforeWhoCameLater() {
        Borrower running = order("a");
        order("b");
        running.leaves();
        Borrower lateJoiner = order("b");
        assertThat(lateJoiner.heard).singleElement().asString().contains("\"job\":3");
        Borrower later = order("c");
        Borrower joined = order("b", ",\"waitMs\":60000");
        lateJoiner.leaves();
        assertThat(joined.heard).as("it has the place of the other").singleElement().asString().contains("\"job\":3");

        assertThat(queue.views()).extracting(JobView::number).startsWith(2L, 3L, 4L);
        assertThat(queue.views().get(1).joined()).isZero();
        bench.pass(Duration.ofMinutes(2));
        assertThat(joined.latest()).as("its own patience goes on").isEqualTo("-32015");
        assertThat(later.heard).hasSize(1);
    }

    // red when those who have joined one that runs go to the end of the queue when that one has gone
    @Test
    void whoJoinedOneThatRanAndWentWithoutAWordRunsItBeforeWhoCameLater() {
        Borrower first = order("a");
        Borrower runs = order("b");
        Borrower joined = order("b");
        Borrower also = order("b");
        Borrower later = order("c");
        giveBack(first, 1, 0);
        assertThat(runs.latest()).isEqualTo(lent(2));
        runs.leaves();

        assertThat(joined.latest()).isEqualTo(lent(4));
        assertThat(later.heard).hasSize(1);
        assertThat(queue.views()).extracting(JobView::number).startsWith(4L, 3L);
        giveBack(joined, 4, 7);
        assertThat(also.latest()).isEqualTo("{\"outcome\":\"joined\",\"job\":4,\"status\":7}");
        assertThat(later.latest()).isEqualTo(lent(3));
    }

    @Test
    void whoJoinedOneThatWentWithoutAWordJoinsTheOneThatWaitsToDoTheSame() {
        Borrower first = order("a");
        Borrower runs = order("b");
        Borrower joined = order("b");
        giveBack(first, 1, 0);
        Borrower waits = order("b");
        runs.leaves();

        assertThat(waits.latest()).isEqualTo(lent(3));
        giveBack(waits, 3, 4);
        assertThat(joined.latest()).isEqualTo("{\"outcome\":\"joined\",\"job\":3,\"status\":4}");
    }

    // red when one that is detached is told that another will run, and that one goes before it has
    @Test
    void whatADetachedOneHasJoinedIsRunEvenIfTheOtherGoes() {
        Borrower first = order("a");
        Borrower waits = order("b");
        Borrower detached = order("b", ",\"detached\":true");
        Borrower later = order("c");
        waits.leaves();
        giveBack(first, 1, 0);

        assertThat(detached.latest()).isEqualTo(lent(2));
        giveBack(detached, 2, 0);
        assertThat(later.latest()).isEqualTo(lent(3));
    }

    // red when a process waits for every hook that fires
    @Test
    void twoThatAreDetachedWatchOverAJobAndNoMore() {
        Borrower first = order("a");
        Borrower waits = order("b");
        List<Borrower> detached = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            detached.add(order("b", ",\"detached\":true,\"waitMs\":5000"));
        }
        assertThat(detached.stream().filter(one -> one.latest().equals("{\"outcome\":\"joined\",\"job\":2}"))).hasSize(18);
        detached.get(0).leaves();
        assertThat(order("b", ",\"detached\":true").latest()).startsWith("mpx/queued");
        assertThat(queue.views().get(1).joined()).isEqualTo(21);
        bench.pass(Duration.ofSeconds(6));
        assertThat(detached.get(1).latest()).as("its patience is over, and it need not wait")
                .isEqualTo("{\"outcome\":\"joined\",\"job\":2}");
        giveBack(first, 1, 0);
        assertThat(waits.latest()).isEqualTo(lent(2));
    }

    @Test
    void whoDoesNotWantToWaitLongerIsToldSo() {
        Borrower first = order("a");
        Borrower waits = order("b", ",\"waitMs\":5000");
        Borrower joins = order("b", ",\"waitMs\":2000");
        bench.pass(Duration.ofSeconds(3));
        assertThat(joins.heard).last().isEqualTo("-32015");
        assertThat(waits.heard).hasSize(1);
        bench.pass(Duration.ofSeconds(3));

        assertThat(waits.heard).last().isEqualTo("-32015");
        giveBack(first, 1, 0);
        assertThat(queue.views()).noneMatch(job -> job.state().equals("running"));
    }

    // red when a joiner is told that it waited too long while what it waits for runs
    @Test
    void thePatienceOfOneThatHasJoinedIsForTheTurnAsWell() {
        Borrower first = order("a");
        Borrower runs = order("b");
        Borrower joined = order("b", ",\"waitMs\":5000");
        giveBack(first, 1, 0);
        bench.pass(Duration.ofMinutes(10));
        assertThat(joined.heard).noneMatch(line -> line.contains("-32015"));
        giveBack(runs, 2, 3);

        assertThat(joined.latest()).isEqualTo("{\"outcome\":\"joined\",\"job\":2,\"status\":3}");
    }

    // red when nothing to wait is taken for no limit
    @Test
    void whoDoesNotWaitAtAllIsLentItAtOnceOrRefused() {
        Borrower first = order("a", ",\"waitMs\":0");
        assertThat(first.heard).containsExactly(lent(1));
        assertThat(order("b", ",\"waitMs\":0").heard).containsExactly("-32015");
        Borrower waits = order("b");
        assertThat(order("b", ",\"waitMs\":0").heard).containsExactly("-32015");
        assertThat(order("b", ",\"waitMs\":0,\"detached\":true").heard).containsExactly("{\"outcome\":\"joined\",\"job\":3}");
        giveBack(first, 1, 0);

        assertThat(waits.latest()).isEqualTo(lent(3));
        assertThat(queue.views()).extracting(JobView::state).containsExactly("running", "ended");
    }

    // red when the time in which the server ends counts as waiting for a turn, and when it may take for ever
    @Test
    void toEndTheServerIsNoWaitingForATurn() {
        bench.launcher.raising(child -> child.dyingIn(Duration.ofSeconds(3)));
        bench.client();
        Borrower first = order("a", ",\"waitMs\":0");
        bench.pass(Duration.ofSeconds(4));
        assertThat(first.latest()).isEqualTo(lent(1));
        giveBack(first, 1, 0);
        bench.launcher.raising(FakeChild::immortal);
        bench.settle();
        Borrower second = order("b", ",\"waitMs\":0");
        bench.pass(JobQueue.ENDING.minusSeconds(1));
        assertThat(second.heard).singleElement().asString().startsWith("mpx/queued");
        bench.pass(Duration.ofSeconds(2));
        assertThat(second.latest()).isEqualTo("-32015");
    }

    // red when one that was stopped has the palace for as long as it is connected, and when the next is lent what it may still have
    @Test
    void oneWhoseTimeIsOverIsGivenUpAndTheNextHasItsTurnWhenTheLocksAreFree() {
        bench.client();
        Borrower stopped = order("a", ",\"timeoutMs\":60000");
        Borrower joined = order("a");
        Borrower next = order("b");
        bench.pass(Duration.ofMinutes(1).plus(LoanWatch.GRACE).minusSeconds(1));
        assertThat(stopped.latest()).isEqualTo(lent(1));
        assertThat(queue.views().get(0).state()).isEqualTo("running");
        bench.launcher.raising(child -> child.lentTo("run a (pid 7)"));
        bench.pass(Duration.ofSeconds(20));
        assertThat(queue.views()).extracting(JobView::state).containsExactly("found", "waiting", "waiting", "ended");
        assertThat(queue.views().get(0).command()).isEqualTo("run a (pid 7)");
        isRefusedToGiveBack(stopped, 1);
        stopped.leaves();

        bench.launcher.raising(child -> {});
        bench.pass(Duration.ofSeconds(2));
        assertThat(joined.latest()).isEqualTo(lent(3));
        assertThat(next.heard).hasSize(1);
        assertThat(queue.views()).extracting(JobView::state).containsExactly("running", "waiting", "ended");
    }

    // red when only its time tells, when a moment between two guards is taken for the end, and when one that has not begun is
    @Test
    void oneWhoseCommandHasBeenOverForLongIsGivenUp() {
        bench.client();
        order("a");
        Borrower next = order("b");
        bench.pass(Duration.ofMinutes(5));
        for (int i = 0; i < 5; i++) {
            over.set("a's");
            bench.pass(LoanWatch.LOOK.multipliedBy(LoanWatch.LOOKS - 1));
            over.set("");
            bench.pass(LoanWatch.LOOK);
        }
        assertThat(next.heard).hasSize(1);
        over.set("a's");
        bench.pass(LoanWatch.LOOK.multipliedBy(LoanWatch.LOOKS).plusSeconds(1));

        assertThat(next.latest()).isEqualTo(lent(2));
        assertThat(queue.views()).extracting(JobView::state).containsExactly("running", "ended");
        bench.pass(Duration.ofMinutes(5));
        assertThat(queue.views().get(0).state()).as("what was over before it is not its own").isEqualTo("running");
        giveBack(next, 2, 0);
    }

    // red when what watches a loan outlives it
    @Test
    void oneThatHasGivenBackIsNotWatched() {
        Borrower first = order("a", ",\"timeoutMs\":1000");
        bench.pass(LoanWatch.LOOK);
        giveBack(first, 1, 0);
        int before = looks.get();
        bench.pass(Duration.ofMinutes(5));

        assertThat(before).isPositive();
        assertThat(looks).hasValue(before);
    }

    @Test
    void itsPatienceIsForItsTurnOnly() {
        Borrower runs = order("a", ",\"waitMs\":1000");
        bench.pass(Duration.ofHours(1));

        assertThat(runs.heard).containsExactly(lent(1));
        assertThat(queue.views()).singleElement().satisfies(job -> assertThat(job.age()).isGreaterThan(Duration.ofMinutes(59)));
    }

    @Test
    void whoHasThePalaceAlreadyIsLentItBeforeAllThatWait() {
        Borrower first = order("a");
        Borrower waiting = order("b");
        Borrower resumes = order("c", ",\"resumes\":true");
        giveBack(first, 1, 0);

        assertThat(resumes.heard).last().isEqualTo(lent(3));
        assertThat(waiting.heard).hasSize(1);
    }

    // red when the next turn is given while the daemon leaves
    @Test
    void aDaemonThatLeavesSendsThoseWhoWaitToTheNextOne() {
        Borrower runs = order("a");
        Borrower waits = order("b");
        Borrower joins = order("b");
        queue.leave();

        assertThat(waits.heard).last().isEqualTo("-32016");
        assertThat(joins.heard).last().isEqualTo("-32016");
        assertThat(runs.heard).containsExactly(lent(1));
        assertThat(order("c").heard).containsExactly("-32016");
    }

    @Test
    void anOrderWithoutAKeyOrACommandIsRefused() {
        Borrower borrower = new Borrower();
        queue.borrow(json("{\"key\":\"a\"}"), borrower);
        queue.borrow(json("{\"command\":[\"x\"]}"), borrower);
        queue.borrow(Optional.empty(), borrower);

        assertThat(borrower.heard).containsExactly("-32602", "-32602", "-32602");
    }
}
