package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.RpcId;
import java.util.Optional;
import java.util.Set;

/**
 * One request of a simulated client and what must still become of it. Its params say whose it is and which, so
 * that it is recognised wherever it turns up.
 */
final class Ask {
    enum State {
        /** On its way to the multiplexer. */
        UNREAD,
        /** The child has not been given it. */
        WAITING,
        ON_CHILD,
        /** On the child, but nobody waits for it any more. */
        ABANDONED,
        ANSWERED,
        CANCELLED
    }

    private static final Set<String> READS = Set.of(
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
            "prompts/get",
            "resources/read",
            "completion/complete");

    final SimClient client;
    final String key;
    final RpcId id;
    final String method;
    /** The URI or task it is about, or empty. */
    final String target;
    final boolean startsTask;
    final boolean hasCursor;
    final Optional<String> token;
    private final String head;
    private final String middle;
    private final String tail;
    private final Frame line;

    State state = State.UNREAD;
    Optional<OpenBatch> batch = Optional.empty();
    Optional<Out> out = Optional.empty();
    /** What stood in the place of its progress token when it was handed to the child. */
    Optional<String> givenToken = Optional.empty();
    /** Whether its client has asked to unsubscribe since. */
    boolean overtakenByUnsubscribe;
    long upstreamId;
    /** When it was read, was handed to the child, and when the child last showed that it is at it. */
    Stamp askedAt;
    Stamp givenAt;
    Stamp aliveAt;
    /** Time it spent on a child that died, which is no waiting. */
    long excusedMillis;
    private int begun;
    private boolean askedAgain;

    /** What the protocol itself defines as reading is asked of the next child, once. */
    boolean mayBeAskedAgain() {
        boolean again = !askedAgain && READS.contains(method);
        askedAgain |= again;
        return again;
    }

    /** Its first byte leaves for the child. */
    void begins() {
        if (++begun > (askedAgain ? 2 : 1)) {
            throw new Violation("written to a child for the " + begun + ". time: " + this);
        }
    }

    /** Whether a child may have seen it. */
    boolean mayBeSeen() {
        return begun > 0;
    }

    /** The code with which it fails where one that no child ever saw fails with the given one. */
    int codeInVain(int code) {
        boolean inVain = askedAgain && out.filter(Out::begun).isEmpty() || askedAgain && state == State.WAITING;
        return inVain && (code == -32012 || code == -32015) ? -32011 : code;
    }

    boolean isAskedAgain() {
        return askedAgain;
    }

    Ask(
            SimClient client,
            String key,
            RpcId id,
            String method,
            String target,
            boolean startsTask,
            boolean hasCursor,
            Optional<String> token,
            String head,
            String middle,
            String tail) {
        this.client = client;
        this.key = key;
        this.id = id;
        this.method = method;
        this.target = target;
        this.startsTask = startsTask;
        this.hasCursor = hasCursor;
        this.token = token;
        this.head = head;
        this.middle = middle;
        this.tail = tail;
        this.line = Frame.of(text(id.toString(), token.orElse("")));
    }

    /** The line as the client writes it. */
    Frame line() {
        return line;
    }

    /** The line with other JSON in the places of its id and its token. */
    String text(String otherId, String otherToken) {
        return head + otherId + middle + otherToken + tail;
    }

    int length() {
        return line.length();
    }

    /** Whether mpx may answer it itself when its turn comes. */
    boolean mayBeAnsweredLocally() {
        return method.endsWith("/list") || method.equals("resources/unsubscribe");
    }

    boolean open() {
        return state == State.WAITING || state == State.ON_CHILD;
    }

    @Override
    public String toString() {
        return key + " " + state;
    }
}
