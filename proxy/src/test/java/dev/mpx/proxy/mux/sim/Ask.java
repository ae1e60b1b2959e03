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
    /** The URI, task or tool it is about, or empty. */
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
    /** Its place among all calls and borrowers. */
    long arrival;
    /** When it was read, was handed to the child, and when the child last showed that it is at it. */
    Stamp askedAt;
    Stamp givenAt;
    Stamp aliveAt;
    /** Time it spent on a child that died, which is no waiting. */
    long excusedMillis;
    private int begun;
    private boolean askedAgain;
    /** How often the child has said that another writer keeps it out, and so has written nothing. */
    private int refusals;
    /** It waits to be asked again for that reason. */
    private boolean refused;

    private Stamp refusedAt;
    private long holder;

    /** What the protocol itself defines as reading is asked of the next child, once. */
    boolean mayBeAskedAgain() {
        boolean again = !askedAgain && (READS.contains(method) || isReadingTool() && !startsTask);
        askedAgain |= again;
        return again;
    }

    boolean isReadingTool() {
        return method.equals("tools/call") && target.equals(SimClient.READS);
    }

    /** Whether a child that says that another writer keeps it out is to be believed, and asked again. */
    boolean isWrite() {
        return method.equals("tools/call") && !isReadingTool();
    }

    /** The child has written nothing of it, since that process holds the data. */
    void refuse(long by, Stamp now) {
        refusals++;
        refused = true;
        refusedAt = now;
        holder = by;
        state = State.WAITING;
    }

    /** It is handed to the child after a refusal. */
    void askedAfterRefusal(Stamp now) {
        // a pause is one of the holder's time too: it passes while this process is stopped
        if (refusedAt.stops() == now.stops() && refusedAt.atLeast(now) < pauseMillis()) {
            throw new Violation("asked again too soon after its " + refusals + ". refusal: " + this);
        }
        refused = false;
    }

    /** How long it must wait after its latest refusal: longer each time, so that no holder is asked without bound. */
    private long pauseMillis() {
        return Math.min(5000, 100L << Math.min(refusals, 11));
    }

    /** The pause that there was no time for, if it was refused just now. */
    long pauseMillis(Stamp now) {
        return refused && refusedAt.atLeast(now) == 0 ? pauseMillis() : 0;
    }

    boolean wasRefused() {
        return refusals > 0;
    }

    boolean isRefused() {
        return refused;
    }

    /** Who keeps it out, as far as the child has said. */
    long holder() {
        return holder;
    }

    /** Its first byte leaves for the child. */
    void begins() {
        if (++begun > (askedAgain ? 2 : 1) + refusals) {
            throw new Violation("written to a child for the " + begun + ". time: " + this);
        }
    }

    /** Whether a child may have done something of it. */
    boolean mayBeSeen() {
        return wasRefused() ? !refused && out.filter(Out::begun).isPresent() : begun > 0;
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
