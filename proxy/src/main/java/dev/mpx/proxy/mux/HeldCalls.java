package dev.mpx.proxy.mux;

import dev.mpx.framing.Message;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Writes that the server refused because another writer holds its data. It has said that nothing was written, so they
 * are asked again until they succeed or their deadline is near; then the answer names the holder.
 */
final class HeldCalls {
    private static final Logger LOG = LoggerFactory.getLogger(HeldCalls.class);
    /** In bytes. Who refuses to write says so in few words, and to look for them in a large result takes longer than all else. */
    static final int LONGEST_REFUSAL = 64 * 1024;

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5000;

    private final List<HeldAnswer> forms;
    private final KnownReads reads;
    private final Holders holders;
    private final Scheduler scheduler;
    private final Deadlines deadlines;
    private final Consumer<Call> askAgain;

    HeldCalls(
            List<HeldAnswer> forms,
            KnownReads reads,
            Holders holders,
            Scheduler scheduler,
            Deadlines deadlines,
            Consumer<Call> askAgain) {
        this.forms = forms;
        this.reads = reads;
        this.holders = holders;
        this.scheduler = scheduler;
        this.deadlines = deadlines;
        this.askAgain = askAgain;
    }

    /** Whether the answer says that nothing was written because of another writer. */
    boolean isRefusal(Call call, Message.Response response) {
        return reason(call, response).isPresent();
    }

    private Optional<String> reason(Call call, Message.Response response) {
        if (forms.isEmpty() || !call.method.equals(Methods.TOOLS_CALL) || reads.isRead(call.target)) {
            return Optional.empty();
        }
        if (response.result().isPresent() && response.frame().length() > LONGEST_REFUSAL) {
            return Optional.empty();
        }
        for (HeldAnswer form : forms) {
            Optional<String> reason = form.reason(response);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    /** Keeps a refused write, to ask again a little later, if there is time for it. */
    boolean keeps(Call call, Message.Response response) {
        Optional<String> reason = reason(call, response);
        if (reason.isEmpty()) {
            return false;
        }
        if (!reason.equals(call.refusal)) {
            LOG.info("{}: another writer holds the data, so it is asked again: {}", CallLog.name(call), Settlements.bounded(reason.get()));
            call.refusal = reason;
            call.refusedBy = reason;
            HeldAnswer.holder(reason.get()).ifPresent(pid -> holders.describe(pid)
                    .filter(who -> reason.equals(call.refusal))
                    .subscribe(who -> call.refusedBy = Optional.of(who), unknown -> {}));
        }
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(call.refusals++, 10));
        if (!deadlines.hasTimeLeft(call, pause)) {
            return false;
        }
        call.pause = Optional.of(scheduler.schedule(() -> askAgain.accept(call), pause, TimeUnit.MILLISECONDS));
        return true;
    }

    void release(Call call) {
        call.pause.ifPresent(Disposable::dispose);
    }
}
