package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** DESIGN.md, "Exclusive jobs": the child and borrowers take turns, and so do borrowers and calls. */
class LendingTest {
    private final Bench bench = Bench.with().window(1).bench();
    private final Lending lending = bench.mux.lending();
    private final List<String> lent = new ArrayList<>();

    private Lending.Turn ask(String who) {
        return lending.ask(who, turn -> lent.add(who));
    }

    private void assertExclusive() {
        assertThat(bench.launcher.mostAlive()).isEqualTo(1);
        assertThat(bench.launcher.alive()).isZero();
    }

    @Test
    void withoutAChildItIsLentAtOnceAndNoneIsStarted() {
        Lending.Turn turn = ask("mine");

        assertThat(lent).containsExactly("mine");
        assertThat(turn.since()).isPresent();
        FakeLink client = bench.connect();
        client.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.pass(Duration.ofMinutes(10));
        assertThat(bench.launcher.attempts()).isZero();

        turn.end();
        bench.settle();
        assertThat(client.take()).hasSize(1);
    }

    // red when the first who asks is lent what a borrower of an earlier daemon still has
    @Test
    void whereSomebodyMayHaveItAlreadyNobodyIsLentItBeforeAStartHasTold() {
        bench.launcher.raising(child -> child.dyingIn(Duration.ofMillis(100)));
        bench.mux.suspectBorrower();
        ask("mine");
        assertThat(lent).isEmpty();

        bench.settle();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.launcher.attempts()).isEqualTo(1);
        assertThat(lent).containsExactly("mine");
    }

    // red when onLent is called as soon as the child is asked to end
    @Test
    void anIdleChildIsEndedInOrderBeforeItIsLentAndComesBack() {
        bench.launcher.raising(child -> child.dyingIn(Duration.ofSeconds(4)));
        bench.client();
        Lending.Turn turn = ask("mine");

        assertThat(bench.child().endings()).containsExactly(new FakeChild.Ending(Limits.DEFAULT.stop(), Limits.DEFAULT.kill()));
        bench.pass(Duration.ofSeconds(3));
        assertThat(lent).isEmpty();
        bench.pass(Duration.ofSeconds(2));
        assertThat(lent).containsExactly("mine");
        assertExclusive();

        turn.end();
        bench.settle();
        assertThat(bench.launcher.alive()).isEqualTo(1);
        assertThat(bench.count(Counter.CHILD_DEATHS)).isZero();
    }

    // red when a borrower does not wait for calls before it, and when calls behind it don't wait
    @Test
    void itComesBehindTheCallsBeforeItAndBeforeThoseAfterIt() {
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        alice.type(call(1, "running"));
        alice.type(call(2, "queued before"));
        Lending.Turn turn = ask("mine");
        bob.type(call(3, "after"));

        bench.child().answerNext("{}");
        bench.child().answerNext("{}");
        assertThat(alice.take()).containsExactly(result(1, "{}"), result(2, "{}"));
        assertThat(bench.child().waiting()).isEmpty();
        bench.settle();
        assertThat(lent).containsExactly("mine");
        assertExclusive();

        turn.end();
        bench.settle();
        bench.child().answerNext("{}");
        assertThat(bob.take()).containsExactly(result(3, "{}"));
    }

    // red when the second borrower goes before a call that came before it
    @Test
    void betweenTwoBorrowersTheCallsThatCameBetweenThemAreServed() {
        FakeLink alice = bench.client();
        Lending.Turn first = ask("first");
        bench.settle();
        alice.type(call(1, "between"));
        Lending.Turn second = ask("second");
        alice.type(call(2, "after both"));
        first.end();
        bench.settle();

        assertThat(lent).containsExactly("first");
        bench.child().answerNext("{}");
        bench.settle();
        assertThat(alice.take()).containsExactly(result(1, "{}"));
        assertThat(lent).containsExactly("first", "second");
        assertExclusive();
        second.end();
        bench.settle();
        bench.child().answerNext("{}");
        assertThat(alice.take()).containsExactly(result(2, "{}"));
    }

    @Test
    void withNoCallBetweenThemNoChildIsStartedBetweenTwoBorrowers() {
        bench.client();
        Lending.Turn first = ask("first");
        ask("second");
        bench.settle();
        first.end();

        assertThat(lent).containsExactly("first", "second");
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    // red when a call that never ends keeps borrowers out for ever
    @Test
    void aCallThatTakesTooLongIsNotWaitedForForEver() {
        Bench bench = Bench.with().tools(Map.of("long", Duration.ofHours(3))).bench();
        FakeLink alice = bench.client();
        alice.type(call(1, "long"));
        bench.mux.lending().ask("mine", turn -> lent.add("mine"));
        bench.pass(Lending.DRAIN.minusSeconds(1));
        assertThat(lent).isEmpty();
        bench.pass(Duration.ofSeconds(2));

        assertThat(lent).containsExactly("mine");
        assertThat(code(alice.take().get(0))).isEqualTo(-32011);
        assertThat(bench.launcher.alive()).isZero();
    }

    // red when calls are refused before the palace is lent, and when nobody looks
    @Test
    void aCallWaitsTenSecondsForABorrowerAndIsThenToldWhoItIs() {
        FakeLink alice = bench.client();
        ask("mempalace mine /src");
        bench.settle();
        alice.type(call(1, "x"));
        bench.pass(Lending.PATIENCE.minusMillis(300));
        assertThat(alice.take()).isEmpty();
        alice.type(request(2, "ping", "{}"));
        assertThat(alice.take()).hasSize(1);
        bench.pass(Duration.ofMillis(600));

        assertThat(alice.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32015);
            assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo("\"not-sent\"");
            assertThat(at(line, "error", "message")).contains("mempalace mine /src, since ");
        });
    }

    // red when each borrower begins the time anew
    @Test
    void manyShortLoansAreOneLongOneForWhoWaits() {
        FakeLink alice = bench.client();
        Lending.Turn first = ask("first");
        Lending.Turn second = ask("second");
        ask("third");
        bench.settle();
        alice.type(call(1, "x"));
        bench.pass(Duration.ofSeconds(4));
        first.end();
        bench.pass(Duration.ofSeconds(4));
        second.end();
        assertThat(lent).containsExactly("first", "second", "third");
        assertThat(alice.take()).isEmpty();
        bench.pass(Duration.ofSeconds(3));

        assertThat(code(alice.take().get(0))).isEqualTo(-32015);
    }

    @Test
    void theTimeUntilItIsLentDoesNotCount() {
        bench.launcher.raising(child -> child.dyingIn(Duration.ofSeconds(4)));
        FakeLink alice = bench.client();
        ask("mine");
        alice.type(call(1, "x"));
        bench.pass(Duration.ofSeconds(13));

        assertThat(alice.take()).isEmpty();
    }

    @Test
    void whoGivesUpWaitingKeepsNobodyElseOut() {
        FakeLink alice = bench.client();
        alice.type(call(1, "running"));
        Lending.Turn turn = ask("mine");
        alice.type(call(2, "behind it"));
        turn.end();
        bench.child().answerNext("{}");

        bench.child().answerNext("{}");
        assertThat(alice.take()).containsExactly(result(1, "{}"), result(2, "{}"));
        bench.pass(Duration.ofMinutes(5));
        assertThat(lent).isEmpty();
        assertThat(bench.child().endings()).isEmpty();
    }

    @Test
    void aChildThatIsStartingIsEndedWithoutAWordToThoseWhoWait() {
        FakeLink alice = bench.connect();
        alice.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        Lending.Turn turn = ask("mine");
        bench.settle();

        assertThat(alice.take()).isEmpty();
        assertThat(lent).containsExactly("mine");
        assertExclusive();
        turn.end();
        bench.settle();
        assertThat(alice.take()).hasSize(1);
    }

    // red when a child that was ended for a loan, which is then not wanted any more, counts as one that can't be started
    @Test
    void whoGivesUpWhileAStartingChildIsEndedForItIsNotFeltByThoseWhoWait() {
        bench.launcher.raising(child -> child.notGreeting().dyingIn(Duration.ofSeconds(2)));
        FakeLink alice = bench.connect();
        alice.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.settle();
        Lending.Turn turn = ask("mine");
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.child().endings()).hasSize(1);
        bench.launcher.raising(child -> {});
        turn.end();
        bench.pass(Duration.ofSeconds(2));

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(at(line, "result")).isNotNull());
        assertThat(lent).isEmpty();
        assertThat(bench.launcher.attempts()).isEqualTo(2);
        assertThat(bench.count(Counter.CHILD_DEATHS)).isZero();
    }

    // red when a lock that a job holds is a failed start, after which everybody is told that the server can't be started
    @Test
    void aBorrowerOfADaemonThatIsGoneIsWaitedFor() {
        bench.launcher.raising(child -> child.lentTo("mempalace mine (pid 7)"));
        FakeLink alice = bench.connect();
        alice.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.pass(Duration.ofSeconds(30));

        assertThat(alice.take()).isEmpty();
        assertThat(bench.launcher.attempts()).isBetween(20, 31);
        bench.launcher.raising(child -> {});
        bench.pass(Duration.ofSeconds(2));
        assertThat(alice.take()).hasSize(1);
        assertThat(bench.count(Counter.CHILD_DEATHS)).isZero();
    }

    @Test
    void callsAreToldOfThatOneAsWell() {
        FakeLink alice = bench.client();
        bench.launcher.raising(child -> child.lentTo("mempalace mine (pid 7)"));
        bench.child().exit(1);
        alice.type(call(1, "x"));
        bench.pass(Lending.PATIENCE.plusSeconds(2));

        assertThat(alice.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32015);
            assertThat(at(line, "error", "message")).contains("mempalace mine (pid 7)");
        });
    }

    // red when what another still has is lent, and when nobody looks again as nobody calls
    @Test
    void aBorrowerWaitsForOneOfADaemonThatIsGone() {
        bench.launcher.raising(child -> child.lentTo("mine"));
        FakeLink alice = bench.connect();
        alice.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.settle();
        alice.hangUp();
        Lending.Turn first = ask("first");
        ask("second");
        bench.pass(Duration.ofMinutes(2));
        assertThat(lent).isEmpty();
        assertThat(lending.found()).hasValueSatisfying(found -> assertThat(found.what()).isEqualTo("mine"));
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("lent");

        bench.launcher.raising(child -> {});
        bench.pass(Duration.ofSeconds(2));
        assertThat(lent).containsExactly("first");
        assertThat(lending.found()).isEmpty();
        assertExclusive();
        first.end();
        assertThat(lent).containsExactly("first", "second");
    }

    // red when only a child that came up tells that nobody has the data
    @Test
    void aServerThatCanNotBeStartedKeepsNoBorrowerOut() {
        bench.launcher.raising(child -> child.lentTo("mine"));
        bench.connect().type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.settle();
        ask("first");
        bench.launcher.failNext("no such program");
        bench.pass(Duration.ofSeconds(2));

        assertThat(lent).containsExactly("first");
    }

    // red when a loan that was not wanted any more ends the looking as well
    @Test
    void whoHadItAlreadyAndWentAtOnceLeavesTheLookingToOthers() {
        bench.launcher.raising(child -> child.notGreeting().dyingIn(Duration.ofSeconds(1)));
        lending.resume("mine", given -> lent.add("mine")).end();
        bench.launcher.raising(child -> child.lentTo("mine"));
        FakeLink alice = bench.connect();
        alice.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.settle();
        alice.hangUp();
        ask("next");
        bench.launcher.raising(child -> child.notGreeting().dyingIn(Duration.ofSeconds(1)));
        bench.pass(Duration.ofMillis(1500));
        lending.resume("mine", given -> lent.add("mine again")).end();
        bench.launcher.raising(child -> {});
        bench.pass(Duration.ofSeconds(5));

        assertThat(lent).containsExactly("mine", "next");
    }

    @Test
    void oneThatHasItAlreadyComesBeforeEverybody() {
        FakeLink alice = bench.connect();
        bench.launcher.raising(child -> child.lentTo("mine"));
        alice.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.settle();
        ask("waits");
        Lending.Turn turn = lending.resume("mine", given -> lent.add("mine"));
        bench.settle();

        assertThat(lent).containsExactly("mine");
        int attempts = bench.launcher.attempts();
        bench.pass(Duration.ofMinutes(1));
        assertThat(bench.launcher.attempts()).isEqualTo(attempts);
        bench.launcher.raising(child -> {});
        turn.end();
        assertThat(lent).containsExactly("mine", "waits");
    }

    @Test
    void aDaemonMayLeaveWhileItIsLent() {
        FakeLink alice = bench.client();
        ask("mine");
        bench.settle();
        alice.type(call(1, "x"));

        assertThat(bench.drain(Duration.ofSeconds(5)).isComplete()).isTrue();
        assertThat(code(alice.take().get(0))).isEqualTo(-32016);
        assertThat(Optional.of(bench.launcher.attempts())).hasValue(1);
    }
}
