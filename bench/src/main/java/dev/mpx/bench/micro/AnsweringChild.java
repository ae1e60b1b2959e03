package dev.mpx.bench.micro;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.transports.Exit;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.Sending;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Mono;

/** A server in memory that answers in the very call that asks it. What it does itself is a copy of its answer with the id in it. */
class AnsweringChild extends MemoryLink implements ProcessLink {
    /** Ids of mpx are numbers, of fewer digits than this while a benchmark runs. */
    private static final int ID_DIGITS = 12;

    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"protocolVersion\":\"2025-06-18\","
            + "\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"child\",\"version\":\"1\"}}}";
    private static final String NO_TOOLS = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"tools\":[]}}";

    private final byte[] answer;
    private final int idAt;

    AnsweringChild(int size) {
        super("process");
        String text = Messages.answer(" ".repeat(ID_DIGITS), size);
        this.answer = text.getBytes(StandardCharsets.UTF_8);
        this.idAt = text.indexOf(" ".repeat(ID_DIGITS));
    }

    @Override
    public Sending send(Frame frame) {
        byte[] line = frame.toBytes();
        if (isCall(line)) {
            answerCall(line);
        } else if (Message.read(Frame.of(line)) instanceof Message.Request request) {
            String form = request.method().equals("initialize") ? INITIALIZED : NO_TOOLS;
            arrive(Frame.of(form.formatted(request.idValue())));
        }
        return super.send(frame);
    }

    private static boolean isCall(byte[] line) {
        return indexOf(line, "\"tools/call\"") >= 0;
    }

    private void answerCall(byte[] line) {
        byte[] copy = Arrays.copyOf(answer, answer.length);
        int from = indexOf(line, "\"id\":") + 5;
        for (int i = 0; line[from + i] != ','; i++) {
            copy[idAt + i] = line[from + i];
        }
        arrive(Frame.of(copy));
    }

    private static int indexOf(byte[] line, String word) {
        for (int at = 0; at + word.length() <= line.length; at++) {
            int matched = 0;
            while (matched < word.length() && line[at + matched] == word.charAt(matched)) {
                matched++;
            }
            if (matched == word.length()) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public long pid() {
        return 1;
    }

    @Override
    public List<String> lastWords() {
        return List.of();
    }

    @Override
    public Mono<Exit> exited() {
        return Mono.never();
    }

    @Override
    public Mono<Exit> end(Duration untilTerm, Duration untilKill) {
        return Mono.just(new Exit(0));
    }
}
