package dev.mpx.proxy.relay;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.MachineName;
import dev.mpx.proxy.home.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client on this machine. Its lines are read as long as they are for mpx itself: the greeting, status, stop. With the first other
 * one it is joined to its stream, and from then on only copied. Everything here happens on the loop, but what the host's stream
 * brings.
 */
final class LocalClient implements LocalLoop.Readiness, HostStream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(LocalClient.class);
    /** A first line that is longer is none of mpx's own. */
    private static final int LONGEST_LINE = 1 << 20;

    private static final JsonValue NO_ID = JsonValue.parse(new byte[] {'n', 'u', 'l', 'l'}).orElseThrow();

    private enum State {
        /** Its lines are read. */
        TALKING,
        /** It waits for an answer, and is not read meanwhile. */
        WAITING,
        /** It is joined to its stream. */
        JOINED,
        CLOSED
    }

    private final RelayService relay;
    private final LocalLoop loop;
    private final SocketChannel channel;
    private final Downward down;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private State state = State.TALKING;
    private SelectionKey key;
    private volatile Optional<HostStream> session = Optional.empty();
    private Optional<Upward> up = Optional.empty();
    private volatile BusyGuests.Guest guest = new BusyGuests.Guest(MachineName.get(), OptionalLong.empty());
    private boolean inputEnded;
    /** Whether it is not read any more, as the relay leaves. */
    private volatile boolean takesNoMore;

    LocalClient(RelayService relay, LocalLoop loop, SocketChannel channel) {
        this.relay = relay;
        this.loop = loop;
        this.channel = channel;
        this.down = new Downward(channel, loop);
    }

    /** On the loop. */
    void begin() throws IOException {
        channel.configureBlocking(false);
        key = loop.register(channel, SelectionKey.OP_READ, this);
        down.registered(key);
    }

    boolean isSession() {
        return session.isPresent();
    }

    /** As which the host's daemon knows it. */
    BusyGuests.Guest guest() {
        return guest;
    }

    @Override
    public void ready(SelectionKey same) throws IOException {
        if (same.isWritable()) {
            down.flush();
        }
        if (same.isValid() && same.isReadable()) {
            read();
        }
        if (!channel.isOpen()) {
            close();
        }
    }

    @Override
    public void failed(IOException why) {
        LOG.debug("a client is gone", why);
        close();
    }

    private void read() throws IOException {
        ByteBuffer chunk = loop.chunk();
        int count = channel.read(chunk);
        chunk.flip();
        if (count < 0) {
            loop.wantsNot(key, SelectionKey.OP_READ);
            inputEnded = true;
            if (up.isPresent()) {
                up.get().end();
            } else if (state == State.TALKING) {
                close();
            }
            return;
        }
        byte[] bytes = new byte[count];
        chunk.get(bytes);
        if (state == State.JOINED) {
            pass(bytes);
        } else {
            heard.write(bytes, 0, count);
            takeLines();
        }
    }

    private void pass(byte[] bytes) {
        up.orElseThrow().offer(ByteBuffer.wrap(bytes));
    }

    private void takeLines() throws IOException {
        while (state == State.TALKING) {
            byte[] all = heard.toByteArray();
            int newline = 0;
            while (newline < all.length && all[newline] != '\n') {
                newline++;
            }
            if (newline == all.length) {
                if (all.length > LONGEST_LINE) {
                    begin(NO_ID);
                }
                return;
            }
            Optional<JsonValue> line = JsonValue.parse(Arrays.copyOf(all, newline));
            String method = line.flatMap(json -> Words.text(json, "method")).orElse("");
            JsonValue id = line.flatMap(json -> json.get("id")).orElse(NO_ID);
            boolean isOwn = method.startsWith("mpx/") || method.equals("ping") && session.isEmpty();
            if (!isOwn) {
                begin(id);
                return;
            }
            heard.reset();
            heard.write(all, newline + 1, all.length - newline - 1);
            answer(method, id, line.get(), Arrays.copyOf(all, newline + 1));
        }
    }

    private void answer(String method, JsonValue id, JsonValue request, byte[] line) throws IOException {
        switch (method) {
            case "ping" -> down.say(Words.result(id, "{}"));
            case "mpx/hello" -> greet(id, request, line);
            case "mpx/status" -> {
                await();
                relay.status(request.get("params")).whenComplete((result, none) -> resume(() -> down.say(Words.result(id, result))));
            }
            case "mpx/stop" -> {
                down.say(Words.result(id, "{\"stopping\":true}"));
                relay.leave("told to stop");
            }
            default -> down.say(Words.error(id, ErrorCode.METHOD_NOT_FOUND, "mpx has no method " + method + "."));
        }
    }

    // ---- the session's beginning

    /** The host's daemon hears the greeting as it is, so it knows who comes; what it answers, this mpx answers for itself. */
    private void greet(JsonValue id, JsonValue request, byte[] line) throws IOException {
        if (relay.isLeaving()) {
            close(); // without a word: the next relay is to be found
            return;
        }
        if (session.isPresent()) {
            down.say(Words.error(id, ErrorCode.INVALID_REQUEST, "The greeting was said already."));
            return;
        }
        await();
        guest = BusyGuests.Guest.of(request.at("params", "client"));
        relay.ask(line).whenComplete((answered, failure) -> resume(() -> {
            if (failure != null) {
                down.say(relay.refusal(id, cause(failure)));
                return;
            }
            if (relay.isLeaving()) {
                answered.stream().stream().close();
                close();
                return;
            }
            JsonValue answer = JsonValue.parse(answered.answer()).orElseThrow();
            if (answer.get("error").isPresent()) {
                answered.stream().stream().close();
                down.say(Words.line(answer.toString()));
                return;
            }
            take(answered.stream());
            down.say(Words.result(id, "{\"version\":" + Words.quote(Version.current()) + ",\"pid\":" + ProcessHandle.current().pid() + "}"));
        }));
    }

    private void take(HostStream stream) {
        if (state == State.CLOSED) {
            stream.stream().close();
            return;
        }
        session = Optional.of(stream);
        down.tellWritten(count -> stream.stream().taken(count));
        stream.passTo(this);
    }

    /** The first line that is not for mpx: all that was heard goes to the host, and all that comes. One who has not greeted is introduced. */
    private void begin(JsonValue id) throws IOException {
        if (session.isPresent()) {
            join();
            return;
        }
        await();
        relay.ask(relay.introduction()).whenComplete((answered, failure) -> resume(() -> {
            if (failure != null) {
                down.say(relay.refusal(id, cause(failure)));
                down.close();
                return;
            }
            take(answered.stream());
            if (session.isPresent()) {
                join();
            }
        }));
    }

    private void join() {
        state = State.JOINED;
        up = Optional.of(new Upward(session.orElseThrow().stream(), this::mayRead));
        pass(heard.toByteArray());
        heard.reset();
        if (inputEnded) {
            up.get().end();
        }
    }

    private void mayRead(boolean may) {
        if (may && !takesNoMore) {
            loop.wants(key, SelectionKey.OP_READ);
        } else {
            loop.wantsNot(key, SelectionKey.OP_READ);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void await() {
        state = State.WAITING;
        loop.wantsNot(key, SelectionKey.OP_READ);
    }

    /** What to say may fail. */
    private interface Saying {
        void say() throws IOException;
    }

    private void resume(Saying saying) {
        loop.execute(() -> {
            try {
                if (state == State.WAITING) {
                    state = State.TALKING;
                    mayRead(true);
                }
                saying.say();
                takeLines();
                if (!channel.isOpen() || inputEnded && state == State.TALKING) {
                    close();
                }
            } catch (IOException gone) {
                failed(gone);
            }
        });
    }

    /** What it says from now on is left to the next relay; on the loop. */
    void takeNoMore() {
        takesNoMore = true;
        loop.wantsNot(key, SelectionKey.OP_READ);
    }

    /** Ends it when it has what came for it; on the loop. */
    void finish() {
        closed();
    }

    /** Ends it, at once; on the loop. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a client", e);
        }
        session.ifPresent(stream -> stream.stream().close());
        relay.gone(this);
    }

    // ---- what the host's stream brings, on SSH's threads

    @Override
    public void received(byte[] bytes, int from, int length) {
        try {
            down.pass(bytes, from, length);
        } catch (IOException gone) {
            loop.execute(() -> failed(gone));
        }
    }

    @Override
    public void ended() {
        try {
            down.end();
        } catch (IOException gone) {
            loop.execute(() -> failed(gone));
        }
    }

    /** What came before is still given to the client, if it reads. */
    @Override
    public void closed() {
        loop.execute(() -> {
            try {
                down.close();
            } catch (IOException gone) {
                LOG.debug("closing a client", gone);
            }
            if (channel.isOpen()) {
                relay.closeSoon(this);
            } else {
                close();
            }
        });
    }
}
