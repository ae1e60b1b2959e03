package dev.mpx.proxy.forward;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.home.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who keeps a forward up and what there is to be undone if he can't do it himself.
 *
 * @param keeper his process
 * @param control where the connection is controlled that the forward goes by
 * @param isOwn whether that connection is mpx's
 * @param remote the socket on the host that the forward leads to
 * @param trouble why it does not work just now
 */
record ForwardRecord(ProcessIdentity keeper, Optional<Path> control, boolean isOwn, Optional<String> remote, Optional<String> trouble) {

    /** Empty if there is none, or one of another boot. */
    static Optional<ForwardRecord> read(Path file) {
        try {
            return Files.exists(file) ? JsonValue.parse(Files.readAllBytes(file)).flatMap(ForwardRecord::of) : Optional.empty();
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<ForwardRecord> of(JsonValue json) {
        Optional<Long> pid = json.get("pid").flatMap(JsonValue::integer);
        Optional<String> start = text(json, "start");
        if (pid.isEmpty() || start.isEmpty() || !text(json, "bootId").equals(Optional.of(BootId.current()))) {
            return Optional.empty();
        }
        return Optional.of(new ForwardRecord(new ProcessIdentity(pid.get(), start.get()), text(json, "control").map(Path::of),
                json.get("own").map(JsonValue::isTrue).orElse(false), text(json, "remote"), text(json, "trouble")));
    }

    private static Optional<String> text(JsonValue json, String name) {
        return json.get(name).flatMap(JsonValue::text);
    }

    void write(Path file) throws IOException {
        String json = "{\"pid\": " + keeper.pid() + ", \"start\": " + quote(keeper.start()) + ", \"bootId\": " + quote(BootId.current())
                + control.map(path -> ",\n \"control\": " + quote(path.toString())).orElse("") + ",\n \"own\": " + isOwn
                + remote.map(path -> ",\n \"remote\": " + quote(path)).orElse("")
                + trouble.map(why -> ",\n \"trouble\": " + quote(why)).orElse("") + "}\n";
        WholeFile.write(file, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }
}
