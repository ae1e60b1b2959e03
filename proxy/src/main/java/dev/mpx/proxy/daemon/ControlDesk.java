package dev.mpx.proxy.daemon;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Bearings;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.Version;
import dev.mpx.proxy.jobs.JobQueue;
import dev.mpx.proxy.mux.Control;
import dev.mpx.proxy.mux.Fault;
import dev.mpx.proxy.mux.Introduction;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.Snapshot;
import dev.mpx.proxy.status.DaemonView;
import dev.mpx.proxy.status.Layout;
import dev.mpx.proxy.status.OrphanView;
import dev.mpx.proxy.status.StatusJson;
import dev.mpx.proxy.status.StatusText;
import dev.mpx.proxy.status.TakenPort;
import dev.mpx.proxy.status.TreeView;
import dev.mpx.proxy.status.Verdict;
import dev.mpx.proxy.trace.Trace;
import dev.mpx.transports.Peer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Answers mpx's own methods: the greeting of a shim, status, stop. Guests may not have the last. */
final class ControlDesk implements Control {
    private static final int USUAL_WIDTH = 100;

    private static final String NOT_LENT_TO_GUESTS = "A guest can't borrow the palace of another machine. Run the command on the machine where"
            + " the daemon runs.";

    private static final String NOT_SHOWN_TO_GUESTS = "A guest can't see what others ask of another machine's palace. Run the command on the"
            + " machine where the daemon runs.";

    private final DaemonOptions options;
    private final boolean guarded;
    private final Instant startTime;
    private final Supplier<Snapshot> snapshot;
    private final Consumer<String> leave;
    private final BooleanSupplier leaving;
    private final Supplier<JobQueue> jobs;
    private final OrphanWatch orphans;
    private final TreeWatch trees;
    private final Supplier<Doors> doors;
    private final Supplier<List<TakenPort>> portsTaken;
    private final Trace trace;
    private final MetricsDesk metrics;

    ControlDesk(
            DaemonOptions options,
            boolean guarded,
            Instant startTime,
            Supplier<Snapshot> snapshot,
            Consumer<String> leave,
            BooleanSupplier leaving,
            Supplier<JobQueue> jobs,
            OrphanWatch orphans,
            TreeWatch trees,
            Supplier<Doors> doors,
            Supplier<List<TakenPort>> portsTaken,
            Trace trace,
            MetricsDesk metrics) {
        this.options = options;
        this.guarded = guarded;
        this.startTime = startTime;
        this.snapshot = snapshot;
        this.leave = leave;
        this.leaving = leaving;
        this.jobs = jobs;
        this.orphans = orphans;
        this.trees = trees;
        this.doors = doors;
        this.portsTaken = portsTaken;
        this.trace = trace;
        this.metrics = metrics;
    }

    @Override
    public Reply on(Peer peer, String method, Optional<JsonValue> params) {
        return switch (method) {
            case "mpx/hello" -> hello(peer, params);
            case "mpx/status" -> new Reply.Later(asker -> look(found -> asker.answer(status(params, found))));
            case "mpx/stop" -> peer.isGuest()
                    ? refuse(ErrorCode.INVALID_REQUEST, "A guest can't stop or restart the mpx daemon of another machine. Run \"mpx stop\" or"
                            + " \"mpx restart\" on the machine where it runs.")
                    : stop();
            case "mpx/borrow" -> peer.isGuest() ? refuse(ErrorCode.INVALID_REQUEST, NOT_LENT_TO_GUESTS)
                    : new Reply.Later(asker -> jobs.get().borrow(params, asker));
            case "mpx/return" -> peer.isGuest() ? refuse(ErrorCode.INVALID_REQUEST, NOT_LENT_TO_GUESTS)
                    : new Reply.Later(asker -> jobs.get().giveBack(params, asker));
            case "mpx/trace" -> peer.isGuest() ? refuse(ErrorCode.INVALID_REQUEST, NOT_SHOWN_TO_GUESTS) : trace.ask(params);
            case "mpx/metrics" -> peer.isGuest() ? refuse(ErrorCode.INVALID_REQUEST, NOT_SHOWN_TO_GUESTS) : metrics.ask();
            default -> refuse(ErrorCode.METHOD_NOT_FOUND, "mpx has no method " + method + ".");
        };
    }

    private static Reply refuse(int code, String message) {
        return new Reply.Refused(Fault.plain(code, message));
    }

    /** A shim comes in if what it wants served is what this daemon serves; one that comes too late finds the next daemon. */
    private Reply hello(Peer peer, Optional<JsonValue> params) {
        if (leaving.getAsBoolean()) {
            return new Reply.HangUp();
        }
        Optional<String> difference;
        try {
            // a guest sees the palace under names of its own machine, and has named this daemon by its home
            difference = peer.isGuest() ? Optional.empty() : difference(params);
        } catch (InvalidPathException e) {
            return refuse(ErrorCode.INVALID_PARAMS, "serves.palace is no path: " + e.getReason() + ".");
        }
        if (difference.isPresent()) {
            return refuse(ErrorCode.INVALID_PARAMS, difference.get());
        }
        byte[] welcome = Json.object(json -> {
            json.writeStringField("version", Version.current());
            json.writeNumberField("pid", ProcessHandle.current().pid());
        });
        return new Reply.Welcome(welcome, introduction(params));
    }

    /** Why this daemon can't serve what the client wants, if it can't. @throws InvalidPathException if that is nonsense */
    private Optional<String> difference(Optional<JsonValue> params) {
        return params.flatMap(p -> p.get("serves"))
                .map(ControlDesk::wanted)
                .flatMap(wanted -> options.server().differenceFrom(wanted, bearings()));
    }

    private String bearings() {
        return Bearings.of(options.home(), doors.get().endpoints().stream().findFirst(), options.unit(), options.homeOption());
    }

    private static ServerCommand wanted(JsonValue serves) {
        List<String> command = serves.get("command").map(JsonValue::elements).orElse(List.of()).stream()
                .flatMap(argument -> argument.text().stream())
                .toList();
        Optional<Palace> palace =
                serves.get("palace").flatMap(JsonValue::text).map(Path::of).map(Palace::at);
        return new ServerCommand(command, palace);
    }

    private static Introduction introduction(Optional<JsonValue> params) {
        Optional<JsonValue> client = params.flatMap(p -> p.get("client"));
        return new Introduction(
                text(params, "version"),
                processId(client, "pid"),
                processId(client, "parentPid"),
                text(client, "parent"),
                text(client, "cwd"),
                text(client, "host"));
    }

    private static String text(Optional<JsonValue> object, String name) {
        return object.flatMap(o -> o.get(name)).flatMap(JsonValue::text).orElse("");
    }

    /** Who was started from another PID namespace, as by {@code docker exec}, has 0 for its parent. */
    private static OptionalLong processId(Optional<JsonValue> object, String name) {
        OptionalLong id = number(object, name);
        return id.orElse(0) == 0 ? OptionalLong.empty() : id;
    }

    private static OptionalLong number(Optional<JsonValue> object, String name) {
        return object.flatMap(o -> o.get(name))
                .flatMap(JsonValue::integer)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** What is found by looking at processes. */
    private record Found(List<OrphanView> orphans, Optional<TreeView> tree) {}

    private void look(Consumer<Found> then) {
        // both at once: the second is known, or nearly, when the first is
        OptionalLong child = snapshot.get().child().pid();
        trees.ask(child, tree -> {});
        orphans.ask(beside -> trees.ask(child, tree -> then.accept(new Found(beside, tree))));
    }

    /** The daemon itself at this moment. */
    DaemonView view(List<OrphanView> beside, Optional<TreeView> tree) {
        return new DaemonView(
                Version.current(),
                ProcessHandle.current().pid(),
                Duration.between(startTime, Instant.now()),
                options.home().directory(),
                options.homeOption(),
                options.server().palace().map(Palace::path),
                options.server().argv(),
                guarded,
                doors.get().endpoints(),
                doors.get().guestEndpoints(),
                portsTaken.get(),
                jobs.get().views(),
                beside,
                tree,
                options.restart());
    }

    private byte[] status(Optional<JsonValue> params, Found found) {
        DaemonView daemon = view(found.orphans(), found.tree());
        Snapshot now = snapshot.get();
        if (text(params, "format").equals("json")) {
            byte[] status = StatusJson.render(daemon, now);
            return Json.object(json -> Json.raw(json, "status", status));
        }
        String text = StatusText.render(daemon, now, layout(params));
        return Json.object(json -> {
            json.writeBooleanField("well", Verdict.of(daemon, now).isWell());
            json.writeStringField("text", text);
        });
    }

    private static Layout layout(Optional<JsonValue> params) {
        OptionalLong rows = number(params, "rows");
        return new Layout(
                (int) Math.min(Integer.MAX_VALUE, Math.max(0, number(params, "width").orElse(USUAL_WIDTH))),
                rows.isPresent() ? OptionalInt.of((int) Math.max(0, Math.min(Integer.MAX_VALUE, rows.getAsLong()))) : OptionalInt.empty(),
                isTrue(params, "color"),
                isTrue(params, "all"));
    }

    private static boolean isTrue(Optional<JsonValue> object, String name) {
        return object.flatMap(o -> o.get(name)).filter(JsonValue::isTrue).isPresent();
    }

    private Reply stop() {
        leave.accept("told to stop");
        return new Reply.Result(Json.object(json -> json.writeBooleanField("stopping", true)));
    }
}
