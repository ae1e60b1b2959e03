package dev.mpx.transports.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.transports.ByteBudget;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class ReadGateTest {
    private static final int MEG = 1 << 20;

    private VirtualTimeScheduler time;
    private ByteBudget budget;
    private ReadGate gate;

    @BeforeEach
    void open() {
        time = VirtualTimeScheduler.create();
        budget = new ByteBudget(10 * MEG);
        gate = new ReadGate(budget, time);
    }

    @AfterEach
    void close() {
        gate.close();
        time.dispose();
    }

    @Test
    void everybodyReadsWhileTheBudgetLasts() {
        Client client = new Client();
        client.grow(9 * MEG);
        assertThat(client.tries()).isTrue();
    }

    @Test
    void smallTrafficGoesOnWhenTheBudgetIsSpent() {
        Client client = new Client();
        budget.take(20 * MEG);
        client.grow(Inlet.SMALL);
        assertThat(client.tries()).isTrue();
    }

    @Test
    void exactlyOneLargeLineGoesOnWhenGrowingLinesHoldTheBudget() {
        List<Client> clients = Stream.generate(Client::new).limit(5).toList();
        clients.forEach(client -> client.grow(2 * MEG));
        clients.forEach(Client::tries);
        assertThat(clients).filteredOn(Client::tries).hasSize(1);
    }

    @Test
    void thePrivilegeGoesToTheLargestOnceTheLineIsComplete() {
        Client first = new Client();
        Client small = new Client();
        Client large = new Client();
        first.grow(3 * MEG);
        small.grow(3 * MEG);
        large.grow(4 * MEG);
        assertThat(first.tries()).isTrue();
        assertThat(small.tries()).isFalse();
        assertThat(large.tries()).isFalse();
        budget.take(3 * MEG); // what the completed line becomes elsewhere, below half of the limit
        first.complete();
        assertThat(large.resumed).isTrue();
        assertThat(small.resumed).isFalse();
        assertThat(large.tries()).isTrue();
    }

    @Test
    void nobodyIsPrivilegedWhileOthersHoldMostOfTheMemory() {
        Client client = new Client();
        budget.take(6 * MEG);
        client.grow(5 * MEG);
        assertThat(client.tries()).isFalse();
        budget.give(6 * MEG);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(client.resumed).isTrue();
    }

    @Test
    void thePrivilegeIsGivenSoonAfterOthersHoldLess() {
        Client client = new Client();
        budget.take(6 * MEG);
        client.grow(11 * MEG);
        assertThat(client.tries()).isFalse();
        budget.give(3 * MEG);
        time.advanceTimeBy(Duration.ofMillis(25));
        assertThat(client.resumed).isTrue();
        assertThat(client.tries()).isTrue();
    }

    @Test
    void aPrivilegedLineThatDoesNotGrowPassesThePrivilegeOn() {
        Client idle = new Client();
        Client busy = new Client();
        idle.grow(6 * MEG);
        busy.grow(6 * MEG);
        assertThat(idle.tries()).isTrue();
        assertThat(busy.tries()).isFalse();
        time.advanceTimeBy(Duration.ofMillis(900));
        assertThat(busy.resumed).isFalse();
        time.advanceTimeBy(Duration.ofMillis(700));
        assertThat(busy.resumed).isTrue();
        assertThat(busy.tries()).isTrue();
        assertThat(idle.tries()).isFalse();
    }

    @Test
    void aPrivilegedLineThatGrowsKeepsThePrivilege() {
        Client growing = new Client();
        Client waiting = new Client();
        growing.grow(6 * MEG);
        waiting.grow(6 * MEG);
        for (int i = 0; i < 20; i++) {
            assertThat(growing.tries()).isTrue();
            growing.grow(1);
            assertThat(waiting.tries()).isFalse();
            time.advanceTimeBy(Duration.ofMillis(500));
        }
    }

    @Test
    void allResumeWhenTheBudgetIsGivenBack() {
        List<Client> clients = Stream.generate(Client::new).limit(3).toList();
        budget.take(10 * MEG);
        clients.forEach(client -> client.grow(MEG));
        clients.forEach(Client::tries);
        budget.give(10 * MEG);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(clients).allMatch(client -> client.resumed);
    }

    @Test
    void aLargeLineThatDoesNotMoveForAMinuteWhileMemoryIsShortIsGivenUp() {
        Client dead = new Client();
        Client paused = new Client();
        dead.grow(11 * MEG);
        budget.take(20 * MEG);
        paused.grow(MEG);
        assertThat(paused.tries()).isFalse();
        time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(dead.givenUp).isEmpty();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(dead.givenUp).contains("did not move for 60 s");
        assertThat(paused.givenUp).as("a paused one is not to blame").isEmpty();
    }

    @Test
    void nobodyIsGivenUpWhileThereIsMemoryOrNobodyAsksForItsLines() {
        Client idle = new Client();
        idle.grow(5 * MEG);
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(idle.givenUp).isEmpty();
        idle.wants = false;
        budget.take(20 * MEG);
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(idle.givenUp).isEmpty();
    }

    @Test
    void withNothingLargeNoTimerIsLeft() {
        Client client = new Client();
        client.grow(MEG);
        client.complete();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(time.getScheduledTaskCount()).isLessThanOrEqualTo(1);
        long count = time.getScheduledTaskCount();
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(time.getScheduledTaskCount()).isEqualTo(count);
    }

    private final class Client implements ReadGate.Reader {
        private final ReadGate.Seat seat = gate.enter(this);
        private long growing;
        private boolean wants = true;
        private boolean resumed;
        private String givenUp = "";

        boolean tries() {
            resumed = false;
            return seat.mayRead();
        }

        void grow(int bytes) {
            growing += bytes;
            budget.take(bytes);
            seat.moved();
        }

        void complete() {
            budget.give(growing);
            growing = 0;
            seat.moved();
        }

        @Override
        public long growing() {
            return growing;
        }

        @Override
        public boolean wantsMore() {
            return wants;
        }

        @Override
        public void resume() {
            resumed = true;
        }

        @Override
        public void giveUp(String detail) {
            givenUp = detail;
            budget.give(growing);
            seat.leave();
        }
    }
}
