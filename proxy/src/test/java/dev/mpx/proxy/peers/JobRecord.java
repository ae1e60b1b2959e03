package dev.mpx.proxy.peers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code logs/jobs.log} says of detached jobs.
 *
 * @param begins when commands have begun, to the second, by command line
 * @param statuses with which they ended, by job
 * @param ends when, to the second, by job
 * @param joined how many have joined another
 * @param others what mpx has said besides
 */
record JobRecord(
        Map<String, List<Instant>> begins, Map<Integer, Integer> statuses, Map<Integer, Instant> ends, int joined, List<String> others) {
    private static final Pattern BEGINS = Pattern.compile("(\\S+Z) job \\d+ begins: (.*)");
    private static final Pattern ENDS = Pattern.compile("(\\S+Z) job (\\d+) ends after \\d+ s with status (\\d+)");

    static JobRecord of(List<String> log) {
        int joined = (int) log.stream().filter(line -> line.contains("mpx: joined job ")).count();
        JobRecord jobs = new JobRecord(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), joined, new ArrayList<>());
        for (String line : log) {
            Matcher begins = BEGINS.matcher(line);
            Matcher ends = ENDS.matcher(line);
            if (begins.find()) {
                jobs.begins.computeIfAbsent(begins.group(2), command -> new ArrayList<>()).add(Instant.parse(begins.group(1)));
            } else if (ends.find()) {
                jobs.statuses.put(Integer.parseInt(ends.group(2)), Integer.parseInt(ends.group(3)));
                jobs.ends.put(Integer.parseInt(ends.group(2)), Instant.parse(ends.group(1)));
            } else if (line.startsWith("mpx: ") && !line.contains("joined job ") && !line.startsWith("mpx: waiting for the palace")) {
                jobs.others.add(line);
            }
        }
        return jobs;
    }

    /** Those that did not end well, but for those that ended in that time, which somebody outside may have refused. */
    List<String> failures(Instant from, Instant to) {
        return statuses.keySet().stream()
                .filter(job -> statuses.get(job) != 0 && (ends.get(job).plusSeconds(1).isBefore(from) || ends.get(job).isAfter(to)))
                .map(job -> "job " + job + " ended at " + ends.get(job) + " with status " + statuses.get(job))
                .toList();
    }

    int count() {
        return begins.values().stream().mapToInt(List::size).sum();
    }

    /**
     * Runs of a command that nobody asked for, and orders that no run came after.
     *
     * @param orders when it was asked for
     */
    static List<String> discrepancies(String command, List<Instant> begins, List<Instant> orders) {
        List<String> wrong = new ArrayList<>();
        Instant lastOrder = orders.get(orders.size() - 1);
        if (begins.isEmpty() || begins.get(begins.size() - 1).plusSeconds(1).isBefore(lastOrder)) {
            wrong.add(command + " was asked for at " + lastOrder + " and did not run after it: " + begins);
        }
        for (int i = 1; i < begins.size(); i++) {
            Instant before = begins.get(i - 1);
            Instant here = begins.get(i).plusSeconds(1);
            if (orders.stream().noneMatch(order -> !order.isBefore(before) && !order.isAfter(here))) {
                wrong.add(command + " ran at " + begins.get(i) + " without an order since " + before);
            }
        }
        return wrong;
    }
}
