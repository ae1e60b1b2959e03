package dev.mpx.proxy.trace;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.proxy.mux.CallObserver;
import dev.mpx.proxy.mux.Control.Asker;
import dev.mpx.proxy.mux.Control.Reply;
import dev.mpx.proxy.mux.Fault;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.SettledCall;
import dev.mpx.proxy.trace.TraceLine.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The latest calls, and those who follow what comes. A follower that does not read as fast as calls end misses some, and is
 * told how many. What was said in calls is never kept: it goes to those followers alone that have asked for it. Confined to the
 * multiplexer's scheduler.
 */
public final class Trace implements CallObserver {
    /** As many calls are kept. */
    static final int KEPT = 256;

    static final int MOST_FOLLOWERS = 16;
    /** What one follower may leave unread. */
    static final long MOST_UNREAD = 1 << 20;

    private final LongSupplier date;
    private final SettledCall[] calls = new SettledCall[KEPT];
    private final long[] settledAt = new long[KEPT];
    private final List<Follower> followers = new ArrayList<>();
    private long count;

    /** @param date the time of day, in milliseconds since 1970 */
    public Trace(LongSupplier date) {
        this.date = date;
    }

    private final class Follower {
        private final Asker asker;
        private final boolean payloads;
        private long dropped;

        Follower(Asker asker, boolean payloads) {
            this.asker = asker;
            this.payloads = payloads;
        }

        void tell(SettledCall call, Instant settled, Optional<Message.Request> request, Optional<Frame> answer) {
            if (asker.pending() > MOST_UNREAD) {
                dropped++;
                return;
            }
            Payload said = payloads ? new Payload(request, answer) : Payload.NONE;
            asker.tell("mpx/traced", TraceLine.of(call, settled, said, dropped));
            dropped = 0;
        }
    }

    @Override
    public void onSettled(SettledCall call, Optional<Message.Request> request, Optional<Frame> answer) {
        long now = date.getAsLong();
        int place = (int) (count++ % KEPT);
        calls[place] = call;
        settledAt[place] = now;
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).tell(call, Instant.ofEpochMilli(now), request, answer);
        }
    }

    /**
     * {@code mpx/trace}: the latest calls, and then, if {@code follow} says so, each that ends, as {@code mpx/traced}, until the
     * connection ends.
     */
    public Reply ask(Optional<JsonValue> params) {
        long last = params.flatMap(p -> p.get("last")).flatMap(JsonValue::integer).orElse((long) KEPT);
        boolean follow = flag(params, "follow");
        boolean payloads = flag(params, "payloads");
        if (!follow) {
            return payloads ? refuse("What was said in calls is not kept; it can only be followed.") : new Reply.Result(latest(last));
        }
        if (followers.size() >= MOST_FOLLOWERS) {
            return refuse(MOST_FOLLOWERS + " others follow the trace already.");
        }
        return new Reply.Later(asker -> {
            asker.answer(latest(last));
            Follower follower = new Follower(asker, payloads);
            followers.add(follower);
            asker.onGone(() -> followers.remove(follower));
        });
    }

    private static boolean flag(Optional<JsonValue> params, String name) {
        return params.flatMap(p -> p.get(name)).filter(JsonValue::isTrue).isPresent();
    }

    private static Reply refuse(String why) {
        return new Reply.Refused(Fault.plain(ErrorCode.INVALID_PARAMS, why));
    }

    private byte[] latest(long most) {
        return Json.object(json -> {
            json.writeArrayFieldStart("calls");
            for (long i = count - Math.min(Math.min(count, KEPT), Math.max(0, most)); i < count; i++) {
                int place = (int) (i % KEPT);
                json.writeStartObject();
                TraceLine.members(json, calls[place], Instant.ofEpochMilli(settledAt[place]));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** How many follow. */
    int followers() {
        return followers.size();
    }
}
