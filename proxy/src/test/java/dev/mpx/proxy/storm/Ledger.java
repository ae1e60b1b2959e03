package dev.mpx.proxy.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What became of every write, as its client was told; thread-safe. */
final class Ledger {
    /** What a client knows of its write. */
    enum Fate {
        /** Sent, and not answered yet. */
        OPEN,
        ACKNOWLEDGED,
        /** The error promised that nothing of it reached the server. */
        NOT_SENT,
        UNKNOWN
    }

    private final Map<String, Fate> fates = new ConcurrentHashMap<>();

    void enter(String fact, Fate fate) {
        fates.put(fact, fate);
    }

    /** What is known by now: to be taken before the file is looked into. */
    Map<String, Fate> snapshot() {
        return Map.copyOf(fates);
    }

    /** What in the file is not as the clients were told. */
    static List<String> discrepancies(Map<String, Fate> told, Map<String, Long> inFile) {
        List<String> wrong = new ArrayList<>();
        told.forEach((fact, fate) -> {
            long times = inFile.getOrDefault(fact, 0L);
            if (fate == Fate.ACKNOWLEDGED && times == 0) {
                wrong.add(fact + " was acknowledged and is lost");
            }
            if (fate == Fate.NOT_SENT && times > 0) {
                wrong.add(fact + " was \"not-sent\" and is there");
            }
        });
        inFile.forEach((fact, times) -> {
            if (times > 1) {
                wrong.add(fact + " was written " + times + " times");
            }
        });
        return wrong;
    }

    Map<Fate, Long> figures() {
        Map<Fate, Long> figures = new TreeMap<>();
        fates.values().forEach(fate -> figures.merge(fate, 1L, Long::sum));
        return figures;
    }
}
