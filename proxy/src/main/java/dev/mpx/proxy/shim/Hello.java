package dev.mpx.proxy.shim;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.MachineName;
import dev.mpx.proxy.home.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The first words on a connection: who asks, and for which server. The daemon answers before a byte is relayed. */
final class Hello {
    private Hello() {}

    /**
     * @throws NoDaemonException if the daemon refuses this client
     * @throws IOException if it hung up or kept silent
     */
    static void say(DaemonConnection connection, Target target, Duration limit) throws IOException, NoDaemonException {
        JsonValue answer = connection.ask("mpx-hello", "mpx/hello", params(target), limit);
        Optional<JsonValue> error = answer.get("error");
        if (error.isPresent()) {
            Optional<JsonValue> message = error.get().get("message");
            Optional<JsonValue> reason = error.get().at("data", "mpx", "reason");
            throw NoDaemonException.answered(text(error.get().at("data", "mpx", "outlook"), ""), text(reason, "refused"),
                    text(message, "The mpx daemon refused this client."));
        }
        connection.introduced(text(answer.at("result", "version"), ""));
    }

    private static String text(Optional<JsonValue> value, String otherwise) {
        Optional<String> text = value.isPresent() ? value.get().text() : Optional.empty();
        return text.isPresent() ? text.get() : otherwise;
    }

    private static String params(Target target) {
        ProcessStat self = ProcessStat.self();
        Optional<ProcessStat> parent = ProcessStat.of(self.parent());
        String palace = target.server().palace().isPresent() ? quote(target.server().palace().get().path().toString()) : "null";
        return "{\"version\":" + quote(Version.current())
                + ",\"client\":{\"pid\":" + self.pid()
                + ",\"parentPid\":" + self.parent()
                + ",\"parent\":" + quote(parent.isPresent() ? parent.get().name() : "")
                + ",\"cwd\":" + quote(target.environment().workingDirectory().toString())
                + ",\"host\":" + quote(MachineName.get()) + "}"
                + ",\"serves\":{\"palace\":" + palace
                + ",\"command\":" + array(target.server().argv()) + "}}";
    }

    private static String array(List<String> texts) {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < texts.size(); i++) {
            json.append(i > 0 ? "," : "").append(quote(texts.get(i)));
        }
        return json.append(']').toString();
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }
}
