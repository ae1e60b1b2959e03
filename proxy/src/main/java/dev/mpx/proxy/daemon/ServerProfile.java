package dev.mpx.proxy.daemon;

import dev.mpx.proxy.mux.HeldAnswer;
import dev.mpx.proxy.mux.LongPoll;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.mux.Timeouts;
import dev.mpx.proxy.palace.PalaceProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the daemon goes by: what mpx knows of its server, and over it what the settings say. */
record ServerProfile(ServerTraits traits, Timeouts timeouts, Map<String, String> environment) {
    static ServerProfile of(DaemonOptions options, Settings settings) {
        boolean isPalace = options.server().palace().isPresent();
        ServerTraits known = isPalace ? PalaceProfile.TRAITS : ServerTraits.unknown();
        Map<String, String> environment = new HashMap<>(isPalace ? PalaceProfile.ENVIRONMENT : Map.of());
        environment.putAll(options.environment().variables());
        environment.putAll(options.server().palaceVariable(options.environment()));
        environment.putAll(settings.childEnvironment());
        return new ServerProfile(
                traits(known, settings),
                timeouts(isPalace ? PalaceProfile.TOOL_TIMES : Map.of(), settings.timeouts()),
                environment);
    }

    private static ServerTraits traits(ServerTraits known, Settings settings) {
        OwnProfile own = settings.profile();
        Set<String> reads = new HashSet<>(known.reads());
        reads.addAll(own.reads());
        List<HeldAnswer> held = new ArrayList<>(known.heldAnswers());
        held.addAll(own.held());
        return new ServerTraits(
                known.name(),
                settings.window().orElse(known.window()),
                settings.capabilities().or(known::declaredCapabilities),
                own.stableLists().orElse(known.stableLists()),
                reads,
                held,
                polls(known.polls(), own.polls()),
                settings.rewriteSchemas().orElse(known.flatSchemas()));
    }

    private static Map<String, LongPoll> polls(Map<String, LongPoll> known, Map<String, OwnProfile.Poll> own) {
        Map<String, LongPoll> polls = new HashMap<>(known);
        own.forEach((tool, poll) -> poll.over(Optional.ofNullable(known.get(tool)))
                .ifPresentOrElse(capped -> polls.put(tool, capped), () -> polls.remove(tool)));
        return polls;
    }

    /** A tool that is known to be long has its own time, unless the user names one, or gives every call as much. */
    private static Timeouts timeouts(Map<String, Duration> known, Timeouts set) {
        Map<String, Duration> tools = new HashMap<>();
        known.forEach((tool, time) -> {
            if (!set.request().isZero() && set.request().compareTo(time) < 0) {
                tools.put(tool, time);
            }
        });
        tools.putAll(set.tools());
        return new Timeouts(
                set.request(), set.max(), set.total(), set.initialize(), set.grace(), set.methods(), tools);
    }
}
