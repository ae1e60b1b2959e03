package dev.mpx.proxy.jobs;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.mux.Control.Asker;
import dev.mpx.proxy.mux.Fault;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.Lending;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The jobs that wait for the palace or have it. An order for what waits already joins it; for what runs already, one more
 * waits, as there may be new input since. Confined to the multiplexer's scheduler.
 */
public final class JobQueue {
    /** As many wait at most. */
    static final int MOST_WAITING = 16;

    /** So many that are detached watch over one job: each is a process, and a hook may fire ten times a second. */
    static final int MOST_DETACHED = 2;

    /** For the server to end in order when a turn has come, which is not counted as waiting for it. */
    static final Duration ENDING = Duration.ofSeconds(15);

    private static final int REMEMBERED = 5;
    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);

    private final Lending lending;
    private final Scheduler scheduler;
    private final List<Path> locks;
    private final Mono<String> latestOver;
    private final Runnable onRefused;
    /** In the order of their turns. */
    private final List<Job> jobs = new ArrayList<>();
    private final ArrayDeque<JobView> ended = new ArrayDeque<>();
    private long numbers;
    private boolean leaving;

    /**
     * @param locks what a borrower has to lock while its command runs
     * @param latestOver tells by some name which command was the latest to be over, as far as that can be seen from outside; empty
     *     while one runs, or if nobody knows. Answers on the scheduler
     * @param onRefused called for each order that is not taken since too many wait: whoever is detached hears nothing of it
     */
    public JobQueue(Lending lending, Scheduler scheduler, List<Path> locks, Mono<String> latestOver, Runnable onRefused) {
        this.lending = lending;
        this.scheduler = scheduler;
        this.locks = locks;
        this.latestOver = latestOver;
        this.onRefused = onRefused;
    }

    // ---- orders

    /** {@code mpx/borrow}. */
    public void borrow(Optional<JsonValue> params, Asker asker) {
        Optional<Order> read = params.flatMap(Order::read);
        if (read.isEmpty()) {
            asker.refuse(Fault.plain(ErrorCode.INVALID_PARAMS, "mpx/borrow needs a key and a command."));
            return;
        }
        take(read.get(), asker);
    }

    private void take(Order order, Asker asker) {
        Optional<Job> same = waitingFor(order);
        if (leaving) {
            asker.refuse(leaving());
        } else if (order.resumes()) {
            add(new Applicant(order, asker));
        } else if (same.isPresent()) {
            join(same.get(), new Applicant(order, asker));
        } else if (waiting() >= MOST_WAITING) {
            onRefused.run();
            asker.refuse(Fault.unsent(Fault.QUEUE_FULL, "too-many-jobs", MOST_WAITING + " jobs wait for the palace already; \"" + order.words()
                    + "\" was not run. Try again when some have ended."));
        } else {
            add(new Applicant(order, asker));
        }
    }

    /** The job that does the same and has not begun. */
    private Optional<Job> waitingFor(Order order) {
        return jobs.stream().filter(job -> !job.runs() && job.order().key().equals(order.key())).findFirst();
    }

    private long waiting() {
        return jobs.stream().filter(job -> !job.runs()).count();
    }

    /**
     * Whoever wants to know its end waits for that. One that is detached waits until it begins, as the borrower may go before
     * that; but when some do already, another that came as well is not needed for the promise that it will be run.
     */
    private void join(Job job, Applicant applicant) {
        job.joined++;
        if (applicant.order.detached() && job.followers.stream().filter(other -> other.order.detached()).count() >= MOST_DETACHED) {
            applicant.asker.answer(joined(job, Optional.empty()));
            return;
        }
        job.follow(applicant);
        beginsToWait(applicant);
    }

    private void add(Applicant applicant) {
        Job job = new Job(++numbers, applicant, now());
        jobs.add(job);
        Order order = applicant.order;
        job.turn = Optional.of(order.resumes() ? lending.resume(order.words(), given -> lend(job, given))
                : lending.ask(order.words(), given -> lend(job, given)));
        beginsToWait(applicant);
    }

    private void beginsToWait(Applicant applicant) {
        heedPatience(applicant);
        if (waits(applicant)) {
            tellQueued(applicant.job, applicant.asker);
        }
        applicant.asker.onGone(() -> onGone(applicant));
    }

    private void heedPatience(Applicant applicant) {
        if (!waits(applicant)) {
            return;
        }
        Optional<Duration> limit = applicant.order.patience();
        if (limit.filter(Duration::isZero).isPresent()) {
            losePatience(applicant);
        } else if (limit.isPresent()) {
            in(limit.get(), () -> losePatience(applicant), applicant);
        }
    }

    private void in(Duration time, Runnable what, Applicant applicant) {
        applicant.patience.update(scheduler.schedule(what, time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Whether its turn, or that of the one that it has joined, is still to come. */
    private boolean waits(Applicant applicant) {
        Job job = applicant.job;
        return jobs.contains(job) && !job.runs() && (job.borrower == applicant || job.followers.contains(applicant));
    }

    private void tellQueued(Job job, Asker asker) {
        List<Job> ahead = jobs.stream().takeWhile(other -> other != job).toList();
        Optional<Job> running = ahead.stream().filter(Job::runs).findFirst();
        asker.tell("mpx/queued", Json.object(json -> {
            json.writeNumberField("job", job.number);
            json.writeNumberField("ahead", ahead.size());
            if (running.isPresent()) {
                json.writeObjectFieldStart("running");
                json.writeNumberField("job", running.get().number);
                json.writeStringField("command", running.get().order().words());
                json.writeStringField("since", running.get().turn.flatMap(Lending.Turn::since).map(Instant::toString).orElse(""));
                json.writeEndObject();
            }
        }));
    }

    // ---- turns

    private void lend(Job job, Lending.Turn turn) {
        job.turn = Optional.of(turn);
        job.watch = Optional.of(new LoanWatch(scheduler, latestOver, why -> giveUp(job, why)));
        job.watch.get().begin(job.order().time());
        job.borrower.patience.update(Disposables.disposed());
        job.followers.forEach(follower -> follower.patience.update(Disposables.disposed()));
        job.borrower.asker.answer(Json.object(json -> {
            json.writeStringField("outcome", "lent");
            json.writeNumberField("job", job.number);
            json.writeArrayFieldStart("locks");
            for (Path lock : locks) {
                json.writeString(lock.toString());
            }
            json.writeEndArray();
        }));
        List<Applicant> detached = job.followers.stream().filter(follower -> follower.order.detached()).toList();
        job.followers.removeAll(detached);
        detached.forEach(follower -> answerJoined(follower, Optional.empty()));
    }

    private void losePatience(Applicant applicant) {
        if (applicant.job.turn.filter(Lending.Turn::hasCome).isPresent()) {
            in(ENDING, () -> goUnserved(applicant), applicant);
        } else {
            goUnserved(applicant);
        }
    }

    private void goUnserved(Applicant applicant) {
        Job job = applicant.job;
        if (job.followers.remove(applicant) && applicant.order.detached()) {
            answerJoined(applicant, Optional.empty()); // it need not wait: it only watched over one that does
            return;
        }
        applicant.asker.refuse(waitedTooLong(applicant.order));
        if (job.borrower == applicant) {
            withdraw(job);
        }
    }

    private static Fault waitedTooLong(Order order) {
        return Fault.unsent(Fault.NOT_TAKEN, "waited-too-long", "The palace was not free in time; \"" + order.words() + "\" was not run.");
    }

    // ---- ends

    /** {@code mpx/return}: by the connection that has borrowed, and no other. */
    public void giveBack(Optional<JsonValue> params, Asker asker) {
        Optional<Long> number = params.flatMap(p -> p.get("job")).flatMap(JsonValue::integer);
        Optional<Long> status = params.flatMap(p -> p.get("status")).flatMap(JsonValue::integer);
        Optional<Job> job = jobs.stream()
                .filter(one -> one.runs() && number.filter(n -> n == one.number).isPresent())
                .filter(one -> one.borrower.asker.connection() == asker.connection())
                .findFirst();
        if (job.isEmpty()) {
            asker.refuse(Fault.plain(ErrorCode.INVALID_PARAMS, "No such job of yours has the palace."));
            return;
        }
        end(job.get(), status);
        asker.answer(Json.object(json -> {}));
    }

    private void onGone(Applicant applicant) {
        Job job = applicant.job;
        applicant.patience.update(Disposables.disposed());
        job.followers.remove(applicant);
        if (job.borrower == applicant && job.runs()) {
            end(job, Optional.empty());
        } else if (job.borrower == applicant) {
            withdraw(job);
        }
    }

    /** Its borrower does not want it any more: the first that has joined has its place from now on. */
    private void withdraw(Job job) {
        job.borrower.patience.update(Disposables.disposed());
        if (jobs.contains(job) && !job.followers.isEmpty()) {
            job.joined--;
            job.lead(job.followers.remove(0));
        } else {
            end(job, Optional.empty());
        }
    }

    /** Nobody knows what became of it. If it lives after all, its locks keep everybody else out. */
    private void giveUp(Job job, String why) {
        LOG.warn("job {} ({}) is given up, as {} and its borrower (pid {}) has not said so", job.number, job.order().words(), why,
                job.order().pid().isPresent() ? job.order().pid().getAsLong() : "unknown");
        end(job, Optional.empty(), Lending.Turn::giveUp);
    }

    private void end(Job job, Optional<Long> status) {
        end(job, status, Lending.Turn::end);
    }

    /** Those who have joined are told; where nobody knows how it ended, the first of them runs it again. */
    private void end(Job job, Optional<Long> status, Consumer<Lending.Turn> how) {
        int place = jobs.indexOf(job);
        if (place < 0) {
            return;
        }
        if (job.runs()) {
            LOG.info("job {} has ended{}: {}", job.number,
                    status.map(number -> " with status " + number).orElse(" without a word"), job.order().words());
        }
        jobs.remove(place);
        remember(job, status);
        job.watch.ifPresent(LoanWatch::end);
        job.borrower.patience.update(Disposables.disposed());
        List<Applicant> followers = List.copyOf(job.followers);
        job.followers.clear();
        if (status.isPresent()) {
            followers.forEach(follower -> answerJoined(follower, status));
        } else if (!followers.isEmpty()) {
            runAgain(job, place, followers);
        }
        // only now: what waits is to be in its place when the next turn is given
        job.turn.ifPresent(how);
        followers.forEach(this::heedPatience);
    }

    /** In the job that waits to do the same already, or else in the place of the one that came to nothing. */
    private void runAgain(Job job, int place, List<Applicant> followers) {
        Optional<Job> same = waitingFor(job.order());
        if (same.isPresent()) {
            same.get().joined += followers.size();
            followers.forEach(same.get()::follow);
        } else {
            Job again = new Job(++numbers, followers.get(0), now());
            jobs.add(place, again);
            again.joined = followers.size() - 1;
            followers.stream().skip(1).forEach(again::follow);
            again.turn = job.turn.map(turn -> turn.again(again.order().words(), given -> lend(again, given)));
        }
    }

    private void remember(Job job, Optional<Long> status) {
        if (job.runs()) {
            ended.addFirst(view(job, "ended", status));
            while (ended.size() > REMEMBERED) {
                ended.removeLast();
            }
        }
    }

    private static void answerJoined(Applicant follower, Optional<Long> status) {
        follower.patience.update(Disposables.disposed());
        follower.asker.answer(joined(follower.job, status));
    }

    private static byte[] joined(Job job, Optional<Long> status) {
        return Json.object(json -> {
            json.writeStringField("outcome", "joined");
            json.writeNumberField("job", job.number);
            if (status.isPresent()) {
                json.writeNumberField("status", status.get());
            }
        });
    }

    /** The daemon leaves: who waits is to ask the next one. Who has the palace goes on under its locks. */
    public void leave() {
        leaving = true;
        for (Job job : List.copyOf(jobs)) {
            List<Applicant> followers = List.copyOf(job.followers);
            job.followers.clear();
            followers.forEach(this::sendAway);
            if (!job.runs()) {
                sendAway(job.borrower);
                end(job, Optional.empty());
            }
        }
    }

    private void sendAway(Applicant applicant) {
        applicant.patience.update(Disposables.disposed());
        applicant.asker.refuse(leaving());
    }

    private static Fault leaving() {
        return Fault.unsent(Fault.SHUTTING_DOWN, "shutting-down", "mpx is shutting down; the next mpx will lend the palace.");
    }

    // ---- what is going on

    /** One found to run, those that run or wait in the order of their turns, and then the latest that have ended. */
    public List<JobView> views() {
        Stream<JobView> found = lending.found().stream().map(JobView::found);
        Stream<JobView> open = jobs.stream().map(job -> view(job, job.runs() ? "running" : "waiting", Optional.empty()));
        return Stream.of(found, open, ended.stream()).flatMap(one -> one).toList();
    }

    private JobView view(Job job, String state, Optional<Long> status) {
        Duration age = job.turn.flatMap(Lending.Turn::age).orElseGet(() -> Duration.ofMillis(now() - job.asked));
        return new JobView(job.number, state, job.order().words(), job.order().directory(), job.order().pid(), age, job.joined, status);
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
