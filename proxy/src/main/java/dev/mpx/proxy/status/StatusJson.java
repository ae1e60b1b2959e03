package dev.mpx.proxy.status;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mpx.proxy.jobs.JobView;
import dev.mpx.proxy.mux.Counter;
import dev.mpx.proxy.mux.Introduction;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The status as JSON: {@code mpx status --json}; docs/status.schema.json. Times are in milliseconds, sizes in bytes; members are only ever added. */
public final class StatusJson {
    /** Raised when a member changes its meaning or goes, which it should not. */
    static final int SCHEMA = 1;

    private StatusJson() {}

    /** Nothing in it does anything to a terminal: what would, is escaped. */
    public static byte[] render(DaemonView daemon, Snapshot snapshot) {
        byte[] whole = write(daemon, snapshot);
        return Plain.json(new String(whole, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] write(DaemonView daemon, Snapshot snapshot) {
        return Json.object(json -> {
            Verdict verdict = Verdict.of(daemon, snapshot);
            json.writeNumberField("schema", SCHEMA);
            json.writeBooleanField("well", verdict.isWell());
            json.writeStringField("verdict", verdict.word());
            json.writeStringField("sentence", verdict.sentence());
            if (verdict.advice().isPresent()) {
                json.writeStringField("advice", verdict.advice().get());
            }
            daemon(json, daemon);
            child(json, snapshot.child(), daemon.tree());
            json.writeArrayFieldStart("sessions");
            for (Snapshot.Client client : snapshot.clients()) {
                session(json, client);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("running");
            for (Snapshot.Running call : snapshot.running()) {
                json.writeStartObject();
                json.writeNumberField("session", call.session());
                json.writeStringField("method", call.method());
                json.writeStringField("target", call.target());
                json.writeNumberField("ageMs", call.age().toMillis());
                number(json, "leftMs", millis(call.left()));
                json.writeBooleanField("abandoned", call.abandoned());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("waiting", snapshot.queued());
            number(json, "longestWaitMs", millis(snapshot.longestWait()));
            json.writeArrayFieldStart("jobs");
            for (JobView job : daemon.jobs()) {
                job(json, job);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("orphans");
            for (OrphanView orphan : daemon.orphans()) {
                json.writeStartObject();
                json.writeNumberField("pid", orphan.pid());
                json.writeStringField("command", orphan.command());
                json.writeNumberField("ageMs", orphan.age().toMillis());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("buffers");
            json.writeNumberField("bytes", snapshot.bufferedBytes());
            json.writeNumberField("limit", snapshot.bufferLimit());
            json.writeEndObject();
            json.writeObjectFieldStart("counters");
            for (Map.Entry<Counter, Long> counter : snapshot.counters().entrySet()) {
                json.writeNumberField(counter.getKey().name().toLowerCase(Locale.ROOT), counter.getValue());
            }
            json.writeEndObject();
            adapted(json, snapshot.adapted());
            latency(json, snapshot.latencies());
        });
    }

    private static void latency(JsonGenerator json, List<Snapshot.Latency> latencies) throws IOException {
        json.writeArrayFieldStart("latency");
        for (Snapshot.Latency latency : latencies) {
            json.writeStartObject();
            json.writeStringField("tool", latency.tool());
            json.writeNumberField("calls", latency.calls());
            json.writeNumberField("failed", latency.failed());
            json.writeNumberField("p50Ms", Json.millis(latency.p50()));
            json.writeNumberField("p99Ms", Json.millis(latency.p99()));
            json.writeNumberField("maxMs", Json.millis(latency.max()));
            json.writeNumberField("childP50Ms", Json.millis(latency.childP50()));
            json.writeNumberField("childP99Ms", Json.millis(latency.childP99()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void adapted(JsonGenerator json, Snapshot.Adapted adapted) throws IOException {
        json.writeObjectFieldStart("schemas");
        json.writeBooleanField("rewrite", adapted.flatSchemas());
        strings(json, "rewritten", adapted.schemas());
        json.writeEndObject();
        json.writeArrayFieldStart("polls");
        for (Snapshot.Poll poll : adapted.polls()) {
            json.writeStartObject();
            json.writeStringField("tool", poll.tool());
            json.writeNumberField("mostMs", poll.most().toMillis());
            json.writeNumberField("capped", poll.capped());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void daemon(JsonGenerator json, DaemonView daemon) throws IOException {
        json.writeObjectFieldStart("daemon");
        json.writeStringField("version", daemon.version());
        json.writeNumberField("pid", daemon.pid());
        json.writeNumberField("upMs", daemon.upFor().toMillis());
        json.writeStringField("home", daemon.home().toString());
        json.writeBooleanField("guarded", daemon.guarded());
        if (daemon.palace().isPresent()) {
            json.writeStringField("palace", daemon.palace().get().toString());
        } else {
            json.writeNullField("palace");
        }
        strings(json, "command", daemon.command());
        strings(json, "endpoints", daemon.endpoints());
        strings(json, "guestEndpoints", daemon.guestEndpoints());
        json.writeArrayFieldStart("portsTaken");
        for (TakenPort port : daemon.portsTaken()) {
            json.writeStartObject();
            json.writeStringField("purpose", port.purpose());
            json.writeStringField("address", port.address());
            json.writeStringField("sentence", port.sentence());
            json.writeStringField("advice", port.cure());
            number(json, "pid", port.pid());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void child(JsonGenerator json, Snapshot.ChildView child, Optional<TreeView> tree) throws IOException {
        json.writeObjectFieldStart("child");
        json.writeStringField("state", child.state());
        number(json, "pid", child.pid());
        json.writeStringField("name", child.name());
        json.writeStringField("version", child.version());
        json.writeStringField("revision", child.revision());
        number(json, "readyMs", millis(child.readyFor()));
        json.writeNumberField("restarts", child.restarts());
        if (child.failure().isPresent()) {
            json.writeStringField("failure", child.failure().get());
        }
        if (child.lastEnd().isPresent()) {
            json.writeObjectFieldStart("lastEnd");
            json.writeStringField("why", child.lastEnd().get().why());
            json.writeNumberField("agoMs", child.lastEnd().get().ago().toMillis());
            json.writeBooleanField("orderly", child.lastEnd().get().orderly());
            json.writeEndObject();
        }
        number(json, "retryInMs", millis(child.retryIn()));
        if (tree.isPresent()) {
            json.writeObjectFieldStart("tree");
            json.writeNumberField("processes", tree.get().processes());
            json.writeNumberField("residentBytes", tree.get().residentBytes());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void session(JsonGenerator json, Snapshot.Client client) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", client.number());
        json.writeStringField("name", client.name());
        json.writeStringField("version", client.version());
        json.writeStringField("revision", client.revision());
        json.writeStringField("transport", client.peer().transport());
        number(json, "peerPid", client.peer().pid());
        json.writeBooleanField("guest", client.peer().isGuest());
        if (client.introduction().isPresent()) {
            Introduction who = client.introduction().get();
            json.writeObjectFieldStart("shim");
            json.writeStringField("version", who.version());
            number(json, "pid", who.pid());
            number(json, "agentPid", who.parentPid());
            json.writeStringField("agent", who.parent());
            json.writeStringField("directory", who.directory());
            json.writeStringField("host", who.host());
            json.writeEndObject();
        }
        json.writeNumberField("connectedMs", client.connectedFor().toMillis());
        json.writeNumberField("waiting", client.waiting());
        json.writeNumberField("open", client.open());
        json.writeNumberField("answered", client.answered());
        json.writeEndObject();
    }

    private static void job(JsonGenerator json, JobView job) throws IOException {
        json.writeStartObject();
        json.writeNumberField("number", job.number());
        json.writeStringField("state", job.state());
        json.writeStringField("command", job.command());
        json.writeStringField("directory", job.directory());
        number(json, "pid", job.pid());
        json.writeNumberField("ageMs", job.age().toMillis());
        json.writeNumberField("joined", job.joined());
        number(json, "status", job.status().map(OptionalLong::of).orElse(OptionalLong.empty()));
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static OptionalLong millis(Optional<Duration> duration) {
        return duration.map(d -> OptionalLong.of(d.toMillis())).orElse(OptionalLong.empty());
    }

    private static void number(JsonGenerator json, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsLong());
        } else {
            json.writeNullField(name);
        }
    }
}
