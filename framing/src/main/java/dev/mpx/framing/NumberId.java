package dev.mpx.framing;

import java.util.Optional;

/** An id that is a number as most are: its digits are written when they are wanted, and nothing but the number is kept. */
final class NumberId extends RpcId {
    private static final byte[] MINUS_ZERO = {'-', '0'};

    private final long number;
    /** The one number of which JSON has two spellings. */
    private final boolean isMinusZero;

    NumberId(long number) {
        this(number, false);
    }

    private NumberId(long number, boolean isMinusZero) {
        this.number = number;
        this.isMinusZero = isMinusZero;
    }

    /** @param value an integer that fits into a long */
    static NumberId read(JsonValue value) {
        long number = Decimal.valueOf(value.array(), value.from(), value.to());
        return new NumberId(number, number == 0 && value.length() == MINUS_ZERO.length);
    }

    @Override
    public byte[] json() {
        return isMinusZero ? MINUS_ZERO : Decimal.json(number);
    }

    @Override
    public int length() {
        return isMinusZero ? MINUS_ZERO.length : Decimal.length(number);
    }

    @Override
    public Optional<Long> number() {
        return Optional.of(number);
    }

    @Override
    public Optional<String> text() {
        return Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberId id && number == id.number;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
