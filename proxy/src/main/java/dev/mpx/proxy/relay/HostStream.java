package dev.mpx.proxy.relay;

import dev.mpx.transports.ssh.SshFailure;
import dev.mpx.transports.ssh.SshStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A stream to the host's daemon: first a question of the relay's own and its answer, then, if it is to be a session, whatever
 * comes goes to the client. Any thread.
 */
final class HostStream implements SshStream.Receiver {

    /** Who hears what the host says once the session is on. Must not block. */
    interface Listener {
        void received(byte[] bytes, int from, int length);

        void ended();

        void closed();
    }

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private final CompletableFuture<SshStream> stream = new CompletableFuture<>();
    private Optional<Listener> listener = Optional.empty();
    private boolean hasEnded;
    private boolean hasClosed;

    void opened(SshStream one) {
        stream.complete(one);
    }

    SshStream stream() {
        return stream.join();
    }

    /**
     * Asks and waits for the line that answers; blocks.
     *
     * @param question a line, with its newline
     * @return empty if the host hung up instead
     * @throws SshFailure if it kept silent
     */
    Optional<byte[]> ask(byte[] question, Duration limit) throws SshFailure {
        stream().send(ByteBuffer.wrap(question), () -> { });
        try {
            return Optional.of(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException silent) {
            stream().close();
            throw new SshFailure(SshFailure.Kind.UNREACHABLE, "The daemon on the host has not answered for " + limit.toSeconds() + " s.");
        } catch (ExecutionException hungUp) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stream().close();
            throw new SshFailure(SshFailure.Kind.UNREACHABLE, "interrupted");
        }
    }

    /** From now on all that comes goes there, beginning with what came behind the answer. */
    synchronized void passTo(Listener one) {
        listener = Optional.of(one);
        byte[] rest = heard.toByteArray();
        heard.reset();
        if (rest.length > 0) {
            one.received(rest, 0, rest.length);
        }
        if (hasEnded) {
            one.ended();
        }
        if (hasClosed) {
            one.closed();
        }
    }

    @Override
    public synchronized void received(byte[] bytes, int from, int length) {
        if (listener.isPresent()) {
            listener.get().received(bytes, from, length);
            return;
        }
        heard.write(bytes, from, length);
        if (!answer.isDone()) {
            takeAnswer();
        }
    }

    private void takeAnswer() {
        byte[] all = heard.toByteArray();
        int newline = 0;
        while (newline < all.length && all[newline] != '\n') {
            newline++;
        }
        if (newline < all.length) {
            heard.reset();
            heard.write(all, newline + 1, all.length - newline - 1);
            stream.thenAccept(one -> one.taken(Math.min(SshStream.WINDOW, all.length - heard.size())));
            answer.complete(Arrays.copyOf(all, newline));
        } else if (all.length >= SshStream.WINDOW) {
            answer.completeExceptionally(new IllegalStateException("too long an answer"));
        }
    }

    @Override
    public synchronized void ended() {
        hasEnded = true;
        answer.completeExceptionally(new IllegalStateException("ended"));
        listener.ifPresent(Listener::ended);
    }

    @Override
    public synchronized void closed() {
        hasClosed = true;
        answer.completeExceptionally(new IllegalStateException("closed"));
        listener.ifPresent(Listener::closed);
    }
}
