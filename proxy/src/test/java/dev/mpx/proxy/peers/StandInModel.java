package dev.mpx.proxy.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A stand-in for the embedding model that MemPalace downloads at its first embedding, put where that download would lie
 * ({@code ~/.cache/chroma}): a user's home with it needs no network, and every version of MemPalace runs its own code on it
 * unchanged. It is a model of ONNX's own format, written here by hand: each character counts as a token, and component
 * {@code i} of its vector is {@code sin(token · frequency(i))}. Equal texts have equal vectors, other texts other ones, and
 * nothing of what they mean is in them.
 */
final class StandInModel {
    private static final int DIMENSIONS = 384;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private StandInModel() {}

    /** Puts it into the home directory of a user. */
    static void into(Path home) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx"));
        Files.write(folder.resolve("model.onnx"), model());
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
        // Nobody reads these, but where one is missing all are downloaded.
        for (String name : List.of("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt")) {
            Files.writeString(folder.resolve(name), "{}");
        }
    }

    private static String tokenizer() {
        StringBuilder vocabulary = new StringBuilder("\"[PAD]\":0,\"[UNK]\":1");
        for (char c = ' '; c <= '~'; c++) {
            String text = c == '"' || c == '\\' ? "\\" + c : Character.toString(c);
            vocabulary.append(",\"").append(text).append("\":").append(c - ' ' + 2);
        }
        return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],\"normalizer\":null,"
                + "\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\".\"},\"behavior\":\"Isolated\",\"invert\":false},"
                + "\"post_processor\":null,\"decoder\":null,"
                + "\"model\":{\"type\":\"WordLevel\",\"vocab\":{" + vocabulary + "},\"unk_token\":\"[UNK]\"}}";
    }

    /** Numbers are those of the fields in onnx.proto. */
    private static byte[] model() {
        ByteBuffer frequencies = ByteBuffer.allocate(4 * DIMENSIONS).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < DIMENSIONS; i++) {
            frequencies.putFloat((float) (0.37 + 0.11 * i));
        }
        ByteBuffer axis = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(2);
        Message asFloat = new Message().text(1, "to").number(3, FLOAT).number(20, 2);
        Message graph = new Message()
                .message(1, node("Cast", "number", "input_ids").message(5, asFloat))
                .message(1, node("Unsqueeze", "column", "number", "axis"))
                .message(1, node("Mul", "angle", "column", "frequencies"))
                .message(1, node("Sin", "last_hidden_state", "angle"))
                .text(2, "stand-in")
                .message(5, tensor("frequencies", FLOAT, DIMENSIONS, frequencies))
                .message(5, tensor("axis", INT64, 1, axis))
                .message(11, value("input_ids", INT64))
                .message(11, value("attention_mask", INT64))
                .message(11, value("token_type_ids", INT64))
                .message(12, value("last_hidden_state", FLOAT, DIMENSIONS));
        return new Message().number(1, 8).message(7, graph).message(8, new Message().text(1, "").number(2, 13)).bytes();
    }

    private static Message node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(3, output).text(4, operator);
    }

    private static Message tensor(String name, int type, int length, ByteBuffer content) {
        return new Message().number(1, length).number(2, type).text(8, name).bytes(9, content.array());
    }

    /** Texts by tokens, of any number, and then these. */
    private static Message value(String name, int type, int... more) {
        Message shape = new Message().message(1, new Message().text(2, "texts")).message(1, new Message().text(2, "tokens"));
        for (int size : more) {
            shape.message(1, new Message().number(1, size));
        }
        Message tensor = new Message().number(1, type).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** A message of Protocol Buffers, field by field. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes());
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        private void varint(long value) {
            long rest = value;
            while (rest > 0x7f) {
                bytes.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}
