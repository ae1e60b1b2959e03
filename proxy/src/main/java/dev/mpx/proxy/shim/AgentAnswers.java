package dev.mpx.proxy.shim;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the shim itself says to the agent, in a daemon's place. */
final class AgentAnswers {
    private static final byte[] NOTHING = {'{', '}'};

    private final AgentPipes agent;

    AgentAnswers(AgentPipes agent) {
        this.agent = agent;
    }

    /**
     * Answers every request in a line that goes nowhere, and what can't be read: a batch by one array.
     *
     * @param readAt when it was read, by the system's timer
     */
    void refuse(Line line, Failure failure, long readAt) throws IOException {
        if (line instanceof OversizedLine oversized) {
            if (oversized.hasMethod() && oversized.id().isPresent()) {
                write(refusal(oversized.id().get(), failure, readAt));
            }
        } else if (Message.read((Frame) line) instanceof Message.Batch batch) {
            refuse(batch, failure, readAt);
        } else {
            write(answer(Message.read((Frame) line), failure, readAt));
        }
    }

    private void refuse(Message.Batch batch, Failure failure, long readAt) throws IOException {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        for (Frame element : batch.elements()) {
            Optional<Frame> answer = answer(Message.read(element), failure, readAt);
            if (answer.isPresent()) {
                array.write(array.size() == 0 ? '[' : ',');
                array.write(answer.get().toBytes());
            }
        }
        if (array.size() > 0) {
            array.write(']');
            write(Optional.of(Frame.of(array.toByteArray())));
        }
    }

    private static Optional<Frame> answer(Message message, Failure failure, long readAt) {
        if (message instanceof Message.Request request) {
            Optional<Frame> own = own(request);
            return own.isPresent() ? own : refusal(request.id(), failure, readAt);
        } else if (message instanceof Message.Malformed malformed) {
            return Optional.of(Responses.error(malformed.response() ? Optional.empty() : malformed.id(),
                    malformed.code(), malformed.reason(), Optional.empty()));
        } else if (message instanceof Message.Batch nested) {
            return Optional.of(Responses.error(Optional.empty(), ErrorCode.INVALID_REQUEST, "A batch holds no batches.", Optional.empty()));
        }
        return Optional.empty();
    }

    private static Optional<Frame> refusal(RpcId id, Failure failure, long readAt) {
        long now = System.nanoTime();
        return Optional.of(failure.answer(Optional.of(id), readAt, now, now));
    }

    /** What must be answered at once, daemon or not. */
    private static Optional<Frame> own(Message.Request request) {
        if (request.method().equals("ping")) {
            return Optional.of(Responses.result(request.id(), NOTHING));
        } else if (request.method().equals("server/discover")) {
            return Optional.of(Responses.error(Optional.of(request.id()), ErrorCode.METHOD_NOT_FOUND,
                    "There is no method server/discover while mpx has no daemon. Go on with initialize.", Optional.empty()));
        }
        return Optional.empty();
    }

    /** Answers the line if that must not wait for a daemon. @return whether it was */
    boolean answersAtOnce(Line line) throws IOException {
        Optional<Frame> own = line instanceof Frame frame && Message.read(frame) instanceof Message.Request request
                ? own(request)
                : Optional.empty();
        write(own);
        return own.isPresent();
    }

    /** Answers a request that was sent, or was about to be, and as often as it was made under this id. */
    void refuse(Asked asked, Failure failure) throws IOException {
        long now = System.nanoTime();
        for (int i = 0; i <= asked.repeats; i++) {
            write(Optional.of(failure.answer(Optional.of(asked.id), asked.readAt, asked.waitedUntil(now), now)));
        }
    }

    /** Nobody waits any more for the answer to what the daemon asked under this id. */
    void takeBack(RpcId id) throws IOException {
        String head = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":";
        String tail = ",\"reason\":\"the mpx daemon has gone away\"}}";
        write(Optional.of(Frame.of(head + new String(id.json(), StandardCharsets.UTF_8) + tail)));
    }

    private void write(Optional<Frame> frame) throws IOException {
        if (frame.isPresent()) {
            ByteBuffer line = ByteBuffer.allocate(frame.get().length() + 1);
            for (ByteBuffer part : frame.get().buffers()) {
                line.put(part);
            }
            agent.write(line.put((byte) '\n').flip());
        }
    }
}
