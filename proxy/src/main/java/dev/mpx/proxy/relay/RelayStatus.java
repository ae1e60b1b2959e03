package dev.mpx.proxy.relay;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The status as the relay tells it: what the host's daemon says, and how the way there stands.
 *
 * @param endpoint where the relay leads
 * @param condition of the way there
 * @param sessions that are on
 * @param started when the relay was
 */
record RelayStatus(Endpoint.Ssh endpoint, Uplink.Condition condition, int sessions, Instant started) {
    /** The result for {@code mpx/status}. @param host what the host's daemon gave as its own, if it gave one */
    String render(boolean asJson, Optional<JsonValue> host) {
        return asJson ? "{\"status\":" + json(host.flatMap(result -> result.get("status"))) + "}" : text(host);
    }

    private String text(Optional<JsonValue> host) {
        boolean isWell = host.flatMap(result -> result.get("well")).map(JsonValue::isTrue).orElse(false);
        String said = host.flatMap(result -> result.get("text")).flatMap(JsonValue::text)
                .orElseGet(() -> "mpx is degraded: there is no daemon to be had at " + endpoint + ".\n\n          "
                        + condition.trouble().orElse("It is still being connected to.") + "\n");
        return "{\"well\":" + isWell + ",\"text\":" + Words.quote(said.stripTrailing() + "\n" + line() + "\n") + "}";
    }

    private String line() {
        String state = condition.since()
                .map(since -> "connected for " + age(since) + (condition.forbidsSockets() ? " (no sockets forwarded)" : ""))
                .orElseGet(() -> condition.lost().map(lost -> "not connected for " + age(lost)).orElse("not connected yet"));
        return "relay     " + endpoint + ", " + state + ", " + sessions + (sessions == 1 ? " session" : " sessions") + ", mpx "
                + Version.current() + ", pid " + ProcessHandle.current().pid() + ", up " + age(started);
    }

    private static String age(Instant since) {
        long seconds = Duration.between(since, Instant.now()).toSeconds();
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    private String json(Optional<JsonValue> host) {
        String relay = "\"relay\":{\"endpoint\":" + Words.quote(endpoint.toString())
                + ",\"connected\":" + condition.since().isPresent()
                + condition.since().map(since -> ",\"since\":" + Words.quote(since.toString())).orElse("")
                + condition.lost().map(lost -> ",\"lost\":" + Words.quote(lost.toString())).orElse("")
                + condition.trouble().map(why -> ",\"trouble\":" + Words.quote(why)).orElse("")
                + ",\"socketsForwarded\":" + !condition.forbidsSockets()
                + ",\"sessions\":" + sessions
                + ",\"version\":" + Words.quote(Version.current())
                + ",\"pid\":" + ProcessHandle.current().pid()
                + ",\"started\":" + Words.quote(started.toString()) + "}";
        if (host.isEmpty()) {
            return "{\"schema\":1,\"well\":false,\"verdict\":\"no daemon\",\"sentence\":"
                    + Words.quote("there is no daemon to be had at " + endpoint)
                    + ",\"daemon\":null," + relay + "}";
        }
        String status = host.get().toString().strip();
        return status.substring(0, status.length() - 1) + "," + relay + "}";
    }
}
