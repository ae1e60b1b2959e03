package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the shim itself says to the agent, in a daemon's place. */
final class AgentAnswers {
    private static final byte[] NEWLINE = {'\n'};

    private final AgentPipes agent;

    AgentAnswers(AgentPipes agent) {
        this.agent = agent;
    }

    /** Answers every request in the line, and what can't be read. @param sent whether a byte of it went to a daemon */
    void refuse(Optional<Line> line, Failure failure, boolean sent) throws IOException {
        if (line.isPresent()) {
            if (line.get() instanceof OversizedLine oversized) {
                if (oversized.hasMethod() && oversized.id().isPresent()) {
                    write(failure.answer(oversized.id(), sent));
                }
            } else {
                refuse(Message.read((Frame) line.get()), failure, sent);
            }
        }
    }

    private void refuse(Message message, Failure failure, boolean sent) throws IOException {
        if (message instanceof Message.Request request) {
            refuse(request.id(), failure, sent);
        } else if (message instanceof Message.Malformed malformed) {
            write(failure.malformed(malformed.id(), malformed.code(), malformed.reason()));
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                refuse(Message.read(element), failure, sent);
            }
        }
    }

    void refuse(RpcId id, Failure failure, boolean sent) throws IOException {
        write(failure.answer(Optional.of(id), sent));
    }

    /** Nobody waits any more for the answer to what the daemon asked under this id. */
    void takeBack(RpcId id) throws IOException {
        String head = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":";
        String tail = ",\"reason\":\"the mpx daemon has gone away\"}}";
        write(Frame.of(head + new String(id.json(), StandardCharsets.UTF_8) + tail));
    }

    /** Ends a line that nobody will complete. */
    void endLine() throws IOException {
        agent.write(ByteBuffer.wrap(NEWLINE));
    }

    private void write(Frame frame) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(frame.length() + 1);
        for (ByteBuffer part : frame.buffers()) {
            line.put(part);
        }
        agent.write(line.put((byte) '\n').flip());
    }
}
