package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What must, or may, be sent in this very step, and to whom. */
final class Expectations {
    /** @param fits whether a line is the one that is expected */
    record Line(String what, Predicate<String> fits) {
        static Line exactly(String text) {
            return new Line(text, text::equals);
        }

        /** An error response of one of these codes. */
        static Line error(Optional<RpcId> id, Integer... codes) {
            String idText = id.map(RpcId::toString).orElse("null");
            return new Line("error " + List.of(codes) + " for " + idText, text -> {
                Optional<JsonValue> json = JsonValue.parse(Frame.of(text).toBytes());
                return json.flatMap(j -> j.get("id")).filter(i -> i.toString().equals(idText)).isPresent()
                        && json.flatMap(j -> j.at("error", "code"))
                                .flatMap(JsonValue::integer)
                                .filter(code -> List.of(codes).contains(code.intValue()))
                                .isPresent();
            });
        }

        /** An error of mpx's own range, which says truly whether the child may have seen the call. */
        static Line fault(RpcId id, int code, boolean begun) {
            Line error = error(Optional.of(id), code);
            String outcome = begun ? "\"unknown\"" : "\"not-sent\"";
            return new Line(error.what() + ", outcome " + outcome, text -> error.fits().test(text)
                    && JsonValue.parse(Frame.of(text).toBytes())
                            .flatMap(j -> j.at("error", "data", "mpx", "outcome"))
                            .filter(o -> o.toString().equals(outcome))
                            .isPresent());
        }

        /** A notification that the request of this id is taken back. */
        static Line cancelled(String idJson) {
            return new Line("cancellation of " + idJson, text -> Message.read(Frame.of(text)) instanceof Message.Notification n
                    && n.method().equals("notifications/cancelled")
                    && n.params().flatMap(p -> p.get("requestId")).filter(i -> i.toString().equals(idJson)).isPresent());
        }
    }

    private record One(SimLink<?> at, boolean required, Line line) {}

    private final List<One> open = new ArrayList<>();

    void must(SimLink<?> at, Line line) {
        open.add(new One(at, true, line));
    }

    void may(SimLink<?> at, Line line) {
        open.add(new One(at, false, line));
    }

    /** Whether that was expected; it is expected once less then. */
    boolean take(SimLink<?> at, String text) {
        for (Iterator<One> all = open.iterator(); all.hasNext(); ) {
            One one = all.next();
            if (one.at() == at && one.line().fits().test(text)) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    /** The step is over. Whatever could not arrive any more is forgiven. */
    Optional<String> unmet() {
        Optional<String> unmet = open.isEmpty()
                ? Optional.empty()
                : open.stream()
                        .filter(one -> one.required() && one.at().carries())
                        .findFirst()
                        .map(one -> "not sent to " + one.at() + ": " + one.line().what());
        open.clear();
        return unmet;
    }
}
