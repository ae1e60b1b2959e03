package dev.mpx.transports.tcp;

import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.loop.Readiness;
import dev.mpx.transports.loop.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/** A connection that has not shown its token yet. Not one byte behind the token is read here. On the loop's thread. */
final class Newcomer implements Readiness {
    /** Who knows the token has it at hand. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Told once what became of one. */
    interface Door {
        /** It has shown the token; whoever is told owns channel and registration now. */
        void admit(Newcomer newcomer, SocketChannel channel, Registration registration);

        /** It was closed. @param why a few words for the log; empty if it left by itself without a word */
        void turnAway(Newcomer newcomer, String why);
    }

    private final SocketChannel channel;
    private final Token token;
    private final Door door;
    private final Registration registration;
    private final Disposable timer;
    private final ByteBuffer shown = ByteBuffer.allocate(Token.LINE_BYTES);
    private boolean decided;

    Newcomer(EventLoop loop, SocketChannel channel, Token token, Door door) throws IOException {
        this.channel = channel;
        this.token = token;
        this.door = door;
        // first, since a loop that is about to end takes no more timers: then there is nothing to undo yet
        this.timer = loop.scheduler().schedule(
                () -> turnAway("showed no token within " + PATIENCE.toSeconds() + " s"), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        this.registration = loop.register(channel, SelectionKey.OP_READ, this);
    }

    @Override
    public void ready(int ops, boolean hungUp) {
        try {
            int n = channel.read(shown);
            if (n < 0) {
                turnAway(shown.position() == 0 ? "" : "left within its token");
            } else if (hasLine() || !shown.hasRemaining()) {
                judge();
            }
        } catch (IOException e) {
            turnAway("");
        }
    }

    private boolean hasLine() {
        for (int i = 0; i < shown.position(); i++) {
            if (shown.get(i) == '\n') {
                return true;
            }
        }
        return false;
    }

    private void judge() {
        byte[] bytes = new byte[shown.position()];
        shown.flip().get(bytes);
        if (!token.isShownBy(bytes)) {
            turnAway("showed no valid token");
        } else if (!decided) {
            decided = true;
            timer.dispose();
            door.admit(this, channel, registration);
        }
    }

    /** Closes it without a word. Idempotent. */
    void turnAway(String why) {
        if (decided) {
            return;
        }
        decided = true;
        timer.dispose();
        registration.cancel();
        TcpListener.discard(channel);
        door.turnAway(this, why);
    }

    @Override
    public void loopClosing() {
        turnAway("");
    }
}
