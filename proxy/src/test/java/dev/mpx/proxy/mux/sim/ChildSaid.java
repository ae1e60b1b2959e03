package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.RpcId;
import java.util.List;
import java.util.Optional;

/** What the simulated child meant by a line. Texts are split where the multiplexer may put other JSON. */
sealed interface ChildSaid {
    /** Its answer to {@code initialize}: head, id, middle, revision in quotes, tail. */
    record Welcome(RpcId id, String head, String middle, String revision, String tail, boolean well) implements ChildSaid {}

    /** An answer to what mpx sent under this id, be it open or not. */
    record Answer(long upstreamId, String head, String tail) implements ChildSaid {}

    /** An answer that says that nothing was written, since the process of that pid holds the data. */
    record Held(long upstreamId, String head, String tail, long holder) implements ChildSaid {}

    /** An answer that was too long to keep. */
    record TooLong(long upstreamId) implements ChildSaid {}

    record Progress(long token, String head, String tail) implements ChildSaid {}

    /** Banners, garbage, unknown ids and notifications: nothing may come of it. */
    record Noise() implements ChildSaid {}

    record Changed(String list, int version, String text) implements ChildSaid {}

    record Updated(String uri, String text) implements ChildSaid {}

    record Log(String level, String text) implements ChildSaid {}

    record TaskStatus(String taskId, String status, String text) implements ChildSaid {}

    record ElicitationComplete(String elicitationId, String text) implements ChildSaid {}

    /**
     * A request to a client: head, id, middle, then the id of a client's task in quotes if there is one, tail.
     *
     * @param relatedTask the task of the child that it belongs to
     */
    record Request(
            RpcId id,
            String method,
            String head,
            String middle,
            Optional<String> hostsTask,
            String tail,
            Optional<String> relatedTask,
            Optional<String> elicitationId,
            Optional<RpcId> token)
            implements ChildSaid {}

    /** It takes back a request of its own. */
    record Cancel(RpcId id, String head, String tail) implements ChildSaid {}

    record Batch(List<ChildSaid> all) implements ChildSaid {}
}
