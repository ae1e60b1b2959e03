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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The jobs that wait for the palace or have it. An order for what waits already joins it; for what runs already, one more
 * waits, as there may be new input since. Confined to the multiplexer's scheduler.
 */
public final class JobQueue {
    /** As many wait at most. */
    static final int MOST_WAITING = 16;

    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final int REMEMBERED = 5;

    private final Lending lending;
    private final Scheduler scheduler;
    private final List<Path> locks;
    private final Set<Job> jobs = new LinkedHashSet<>();
    private final ArrayDeque<JobView> ended = new ArrayDeque<>();
    private long numbers;
    private boolean leaving;

    /** @param locks what a borrower has to lock while its command runs */
    public JobQueue(Lending lending, Scheduler scheduler, List<Path> locks) {
        this.lending = lending;
        this.scheduler = scheduler;
        this.locks = locks;
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
        Optional<Job> same = jobs.stream().filter(job -> !job.runs() && job.order.key().equals(order.key())).findFirst();
        if (leaving) {
            asker.refuse(leaving());
        } else if (order.resumes()) {
            add(order, asker);
        } else if (same.isPresent()) {
            join(same.get(), order, asker);
        } else if (waiting() >= MOST_WAITING) {
            asker.refuse(Fault.unsent(Fault.QUEUE_FULL, "too-many-jobs", MOST_WAITING + " jobs wait for the palace already; \"" + order.words()
                    + "\" was not run. Try again when some have ended."));
        } else {
            add(order, asker);
        }
    }

    private long waiting() {
        return jobs.stream().filter(job -> !job.runs()).count();
    }

    private void join(Job job, Order order, Asker asker) {
        job.joined++;
        if (order.detached()) {
            asker.answer(joined(job, Optional.empty()));
            return;
        }
        Job.Follower follower = new Job.Follower(order, asker);
        job.followers.add(follower);
        asker.onGone(() -> job.followers.remove(follower));
        order.patience().ifPresent(limit -> scheduler.schedule(() -> giveUp(job, follower), limit.toMillis(), TimeUnit.MILLISECONDS));
        tellQueued(job, asker);
    }

    private void add(Order order, Asker asker) {
        Job job = new Job(++numbers, order, asker, now());
        jobs.add(job);
        asker.onGone(() -> end(job, Optional.empty()));
        Lending.Turn turn = order.resumes() ? lending.resume(order.words(), given -> lend(job, given)) : lending.ask(order.words(), given -> lend(job, given));
        job.turn = Optional.of(turn);
        if (!job.runs() && jobs.contains(job)) {
            tellQueued(job, asker);
            order.patience().ifPresent(limit -> job.patience.update(
                    scheduler.schedule(() -> giveUp(job), limit.toMillis(), TimeUnit.MILLISECONDS)));
        }
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
                json.writeStringField("command", running.get().order.words());
                json.writeStringField("since", running.get().turn.flatMap(Lending.Turn::since).map(Instant::toString).orElse(""));
                json.writeEndObject();
            }
        }));
    }

    // ---- turns

    private void lend(Job job, Lending.Turn turn) {
        job.turn = Optional.of(turn);
        job.patience.dispose();
        job.asker.answer(Json.object(json -> {
            json.writeStringField("outcome", "lent");
            json.writeNumberField("job", job.number);
            json.writeArrayFieldStart("locks");
            for (Path lock : locks) {
                json.writeString(lock.toString());
            }
            json.writeEndArray();
        }));
    }

    private void giveUp(Job job) {
        if (jobs.contains(job) && !job.runs()) {
            job.asker.refuse(waitedTooLong(job.order));
            end(job, Optional.empty());
        }
    }

    private static void giveUp(Job job, Job.Follower follower) {
        if (job.followers.remove(follower)) {
            follower.asker().refuse(waitedTooLong(follower.order()));
        }
    }

    private static Fault waitedTooLong(Order order) {
        return Fault.unsent(Fault.NOT_TAKEN, "waited-too-long", "The palace was not free in time; \"" + order.words() + "\" was not run.");
    }

    // ---- ends

    /** {@code mpx/return}. @return whether that job had the palace */
    public boolean giveBack(Optional<JsonValue> params) {
        Optional<Long> number = params.flatMap(p -> p.get("job")).flatMap(JsonValue::integer);
        Optional<Long> status = params.flatMap(p -> p.get("status")).flatMap(JsonValue::integer);
        Optional<Job> job = jobs.stream().filter(one -> one.runs() && number.filter(n -> n == one.number).isPresent()).findFirst();
        job.ifPresent(one -> end(one, status));
        return job.isPresent();
    }

    /** Those who have joined are told; where nobody knows how it ended, the first of them runs it again. */
    private void end(Job job, Optional<Long> status) {
        if (!jobs.remove(job)) {
            return;
        }
        if (job.runs()) {
            LOG.info("job {} has ended{}: {}", job.number,
                    status.map(number -> " with status " + number).orElse(" without a word"), job.order.words());
        }
        remember(job, status);
        job.patience.dispose();
        List<Job.Follower> followers = List.copyOf(job.followers);
        job.followers.clear();
        if (status.isPresent()) {
            followers.forEach(follower -> follower.asker().answer(joined(job, status)));
        } else {
            followers.forEach(follower -> take(follower.order(), follower.asker()));
        }
        // only now: what waits is to be in its place when the next turn is given
        job.turn.ifPresent(Lending.Turn::end);
    }

    private void remember(Job job, Optional<Long> status) {
        if (job.runs()) {
            ended.addFirst(view(job, "ended", status));
            while (ended.size() > REMEMBERED) {
                ended.removeLast();
            }
        }
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
            List.copyOf(job.followers).forEach(follower -> follower.asker().refuse(leaving()));
            job.followers.clear();
            if (!job.runs()) {
                job.asker.refuse(leaving());
                end(job, Optional.empty());
            }
        }
    }

    private static Fault leaving() {
        return Fault.unsent(Fault.SHUTTING_DOWN, "shutting-down", "mpx is shutting down; the next mpx will lend the palace.");
    }

    // ---- what is going on

    /** Those that run or wait, in the order of their turns, and then the latest that have ended. */
    public List<JobView> views() {
        Stream<JobView> open = jobs.stream().map(job -> view(job, job.runs() ? "running" : "waiting", Optional.empty()));
        return Stream.concat(open, new ArrayList<>(ended).stream()).toList();
    }

    private JobView view(Job job, String state, Optional<Long> status) {
        Duration age = job.turn.flatMap(Lending.Turn::age).orElseGet(() -> Duration.ofMillis(now() - job.asked));
        return new JobView(job.number, state, job.order.words(), job.order.directory(), job.order.pid(), age, job.joined, status);
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
