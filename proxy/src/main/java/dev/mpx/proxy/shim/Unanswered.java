package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.LineSplitter;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which of the agent's requests have had no answer yet, so that each still gets one when the daemon dies. Reads along
 * as bytes pass in both directions and changes none. Thread-safe: each direction has its own thread.
 */
final class Unanswered {
    /** Lines up to here are read; of longer ones only the id is picked out as they pass. In bytes. */
    private static final int READ_UP_TO = 64 << 10;
    /** All ids together, in bytes; requests past it are not remembered. */
    private static final int MOST_IDS = 1 << 20;

    private final LineSplitter requests = new LineSplitter(READ_UP_TO);
    private final LineSplitter answers = new LineSplitter(READ_UP_TO);
    private final Set<RpcId> ids = new LinkedHashSet<>();
    private int idBytes;

    /** Bytes from the agent that are about to be passed on. */
    void asked(byte[] bytes, int length) {
        ByteBuffer chunk = ByteBuffer.wrap(bytes, 0, length);
        for (Optional<Line> line = requests.next(chunk); line.isPresent(); line = requests.next(chunk)) {
            asked(line.get());
        }
    }

    private void asked(Line line) {
        if (line instanceof OversizedLine oversized) {
            if (oversized.hasMethod() && oversized.id().isPresent()) {
                add(oversized.id().get());
            }
        } else {
            asked(Message.read((Frame) line));
        }
    }

    private void asked(Message message) {
        if (message instanceof Message.Request request) {
            add(request.id());
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                asked(Message.read(element));
            }
        }
    }

    /** Bytes from the daemon that the agent has been given. */
    void answered(byte[] bytes, int length) {
        ByteBuffer chunk = ByteBuffer.wrap(bytes, 0, length);
        for (Optional<Line> line = answers.next(chunk); line.isPresent(); line = answers.next(chunk)) {
            answered(line.get());
        }
    }

    private void answered(Line line) {
        if (line instanceof OversizedLine oversized) {
            if (!oversized.hasMethod() && oversized.id().isPresent()) {
                remove(oversized.id().get());
            }
        } else {
            answered(Message.read((Frame) line));
        }
    }

    private void answered(Message message) {
        if (message instanceof Message.Response response) {
            remove(response.id());
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                answered(Message.read(element));
            }
        }
    }

    private synchronized void add(RpcId id) {
        if (idBytes + id.json().length <= MOST_IDS && ids.add(id)) {
            idBytes += id.json().length;
        }
    }

    private synchronized void remove(RpcId id) {
        if (ids.remove(id)) {
            idBytes -= id.json().length;
        }
    }

    /** The ids in the order they were asked; from now on none is remembered. */
    synchronized List<RpcId> takeAll() {
        List<RpcId> all = new ArrayList<>(ids);
        ids.clear();
        idBytes = 0;
        return all;
    }

    /** Cuts the agent's further bytes into lines, going on in the middle of one if need be. */
    LineSplitter requestLines() {
        return requests;
    }
}
