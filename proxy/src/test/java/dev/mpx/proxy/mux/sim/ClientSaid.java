package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.RpcId;
import java.util.List;
import java.util.Optional;

/** What a simulated client meant by a line. Texts are split where the multiplexer may put other JSON. */
sealed interface ClientSaid {
    record Request(Ask ask) implements ClientSaid {}

    record Initialized() implements ClientSaid {}

    /** Takes the request of this id back; the id stands between head and tail. */
    record Cancel(RpcId id, String head, String tail) implements ClientSaid {}

    record RootsChanged(String text) implements ClientSaid {}

    /** A notification mpx knows nothing of. */
    record Other(String text) implements ClientSaid {}

    record Progress(RpcId token, String text) implements ClientSaid {}

    /** The status of a task that the client hosts. */
    record TaskStatus(String taskId, String head, String tail) implements ClientSaid {}

    /** An answer to a request of the child: head, id, middle, then the task id in quotes if there is one, tail. */
    record Answer(RpcId id, String head, String middle, Optional<String> taskId, String tail) implements ClientSaid {}

    /** Not a message. */
    record Garbage(int code, Optional<RpcId> id, boolean response) implements ClientSaid {}

    record TooLong(Optional<RpcId> id, boolean hasMethod) implements ClientSaid {}

    record Batch(List<ClientSaid> all) implements ClientSaid {}
}
