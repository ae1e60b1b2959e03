package dev.mpx.proxy.mux;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Writes the few messages that mpx makes itself; whatever merely passes through is spliced instead. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    static final byte[] EMPTY_OBJECT = bytes("{}");

    private Json() {}

    /** What goes between the braces of an object. */
    @FunctionalInterface
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    /** One object, in UTF-8. */
    public static byte[] object(Members members) {
        ByteArrayBuilder out = new ByteArrayBuilder(256);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Writes bytes that are JSON already as the value of a member. */
    public static void raw(JsonGenerator json, String name, byte[] value) throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(new String(value, StandardCharsets.UTF_8));
    }

    /** Milliseconds with three decimals: most calls take less than one beside what the server needs. */
    public static BigDecimal millis(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos() / 1000, 3);
    }

    static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
