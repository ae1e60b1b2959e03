package dev.mpx.framing;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An object with some members left out, given other values, or added; every other byte, white space between members
 * included, is as it was. Not thread-safe; used once.
 */
public final class ObjectEdit {
    private final ContiguousValue object;
    private final List<JsonValue.Member> members;
    private final Set<JsonValue> removed = new HashSet<>();
    private final Map<JsonValue, byte[]> replaced = new IdentityHashMap<>();
    private final List<byte[]> added = new ArrayList<>();

    /** @throws IllegalArgumentException if it is no object */
    public ObjectEdit(JsonValue object) {
        if (object.kind() != JsonValue.Kind.OBJECT) {
            throw new IllegalArgumentException("only an object has members to edit");
        }
        this.object = object.contiguous();
        this.members = this.object.members();
    }

    /** The members as they are in the original, in order, repeated ones too. */
    public List<JsonValue.Member> members() {
        return members;
    }

    /** Leaves out every member that the test picks. */
    public ObjectEdit remove(Predicate<JsonValue.Member> which) {
        members.stream().filter(which).map(JsonValue.Member::value).forEach(removed::add);
        return this;
    }

    /**
     * Gives a member, one of {@link #members}, another value.
     *
     * @param json one JSON value without line breaks
     * @throws IllegalArgumentException if it is none of them
     */
    public ObjectEdit replace(JsonValue.Member member, byte[] json) {
        if (!members.contains(member)) {
            throw new IllegalArgumentException("no member of this object: " + member.name());
        }
        replaced.put(member.value(), json);
        return this;
    }

    /** Gives the member of that name another value, the last one where the name is repeated; adds it if there is none. */
    public ObjectEdit set(String name, byte[] json) {
        JsonValue.Member last = null;
        for (JsonValue.Member member : members) {
            last = member.name().equals(name) && !removed.contains(member.value()) ? member : last;
        }
        return last == null ? add(name, json) : replace(last, json);
    }

    /** Adds a member behind the others. */
    public ObjectEdit add(String name, byte[] json) {
        ByteArrayOutputStream member = new ByteArrayOutputStream(name.length() + json.length + 3);
        member.writeBytes(JsonText.quote(name));
        member.write(':');
        member.writeBytes(json);
        added.add(member.toByteArray());
        return this;
    }

    /** Whether nothing was asked for. */
    public boolean isEmpty() {
        return removed.isEmpty() && replaced.isEmpty() && added.isEmpty();
    }

    /** The edited object. */
    public byte[] toBytes() {
        byte[] bytes = object.array();
        ByteArrayOutputStream out = new ByteArrayOutputStream(object.length() + 64);
        out.write('{');
        boolean first = true;
        int end = object.from() + 1;
        for (JsonValue.Member member : members) {
            JsonValue value = member.value();
            if (!removed.contains(value)) {
                // where all before it are gone, so is the comma that stood between
                int from = first && end > object.from() + 1 ? member.key().from() : end;
                out.write(bytes, from, value.from() - from);
                byte[] other = replaced.get(value);
                if (other == null) {
                    out.write(bytes, value.from(), value.length());
                } else {
                    out.writeBytes(other);
                }
                first = false;
            }
            end = value.to();
        }
        for (byte[] member : added) {
            if (!first) {
                out.write(',');
            }
            out.writeBytes(member);
            first = false;
        }
        out.write(bytes, end, object.to() - end);
        return out.toByteArray();
    }
}
