package dev.mpx.proxy.mux.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.mux.Timeouts;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation bites: each planted bug is found within a few seeds. */
class PlantedBugsTest {
    private static final int SEEDS = 100;

    static Stream<Named<Supplier<Tap>>> bugs() {
        return Stream.of(
                Named.of("two ids are swapped", Mutants.SwapsTwoIds::new),
                Named.of("an answer is given twice", Mutants.AnswersTwice::new),
                Named.of("a cancelled call's answer leaks", Mutants.LeaksACancelledAnswer::new),
                Named.of("an answer is lost", Mutants.LosesAnAnswer::new),
                Named.of("progress goes to everybody", () -> new Mutants.Broadcasts("notifications/progress")),
                Named.of("updates go to everybody", () -> new Mutants.Broadcasts("notifications/resources/updated")),
                Named.of("a question goes to everybody", () -> new Mutants.Broadcasts("sampling/")),
                Named.of("a client's answer is lost", Mutants.LosesClientsAnswers::new),
                Named.of("a call is sent twice", Mutants.AsksTwice::new),
                Named.of("a write is replayed on the next child", Mutants.ReplaysWrites::new),
                Named.of("a child is started before the last one is dead", Mutants.StartsTooSoon::new),
                Named.of("a timed-out call is said not to be sent", Mutants.LiesAboutTheOutcome::new),
                Named.of("what looks like a refused write is kept from a reader", Mutants.HoldsReads::new),
                Named.of("a refused write is taken for an answer", Mutants.LosesRefusedWrites::new),
                Named.of("a refused write is answered and asked again", Mutants.TellsOfARefusalAndAsksAgain::new),
                Named.of("a refused write is asked again at once", Mutants.AsksARefusedWriteAtOnce::new),
                Named.of("a stalled child is not killed", () -> times(Mutants.GoesByOtherTimes::withoutGrace)),
                Named.of("a child that answers is killed", () -> times(Mutants.GoesByOtherTimes::withHardlyAnyGrace)),
                Named.of("a call on the child never expires", () -> times(Mutants.GoesByOtherTimes::withoutDeadline)),
                Named.of("a waiting call never expires", () -> times(Mutants.GoesByOtherTimes::withoutTotal)),
                Named.of("a call expires too early", () -> times(Mutants.GoesByOtherTimes::halved)));
    }

    private static Tap times(UnaryOperator<Timeouts> wrong) {
        return new Mutants.GoesByOtherTimes(wrong);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    @Timeout(60)
    void aPlantedBugIsFound(Supplier<Tap> bug) {
        Optional<AssertionError> found = Seeds.firstBroken(SEEDS, bug);

        assertThat(found).isPresent();
        assertThat(found.get()).hasMessageMatching("(?s)seed \\d+, step \\d+: .*-Dmpx.sim.seed=.*last events:.*");
    }
}
