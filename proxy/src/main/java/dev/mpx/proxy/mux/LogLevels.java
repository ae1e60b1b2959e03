package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Log levels: the child is asked for the most verbose one that any session wants, and each session gets what its own
 * lets through.
 */
final class LogLevels implements RequestRule {
    private final Iterable<Session> sessions;
    private final BooleanSupplier childLogs;
    private final BiConsumer<LogLevel, Runnable> askChild;
    private Optional<LogLevel> asked = Optional.empty();
    /** The child has not answered yet: levels that change often are not all put to one that is slow. */
    private boolean asking;

    /**
     * @param childLogs whether the child is known to log; true while nothing is known of it
     * @param askChild sets the child's level, if it is ready, and runs the rest when it has answered
     */
    LogLevels(Iterable<Session> sessions, BooleanSupplier childLogs, BiConsumer<LogLevel, Runnable> askChild) {
        this.sessions = sessions;
        this.childLogs = childLogs;
        this.askChild = askChild;
    }

    @Override
    public Verdict onRequest(Session session, Message.Request request) {
        Optional<LogLevel> level =
                request.params().flatMap(p -> p.get("level")).flatMap(JsonValue::text).flatMap(LogLevel::of);
        if (!childLogs.getAsBoolean()) {
            return new Verdict.Refuse(Fault.plain(ErrorCode.METHOD_NOT_FOUND, "This server does not log."));
        }
        if (level.isEmpty()) {
            return new Verdict.Refuse(Fault.plain(
                    ErrorCode.INVALID_PARAMS, "level must be one of debug, info, notice, warning, error, critical, alert, emergency."));
        }
        session.logLevel = level.get();
        session.choseLogLevel = true;
        settle();
        return new Verdict.Answer(Json.EMPTY_OBJECT);
    }

    /** Asks the child for another level if the sessions now want another one. */
    void settle() {
        Optional<LogLevel> wanted = wanted();
        if (!asking && wanted.isPresent() && !wanted.equals(asked)) {
            asked = wanted;
            asking = true;
            askChild.accept(wanted.get(), this::onAnswered);
        }
    }

    private void onAnswered() {
        asking = false;
        settle();
    }

    /** The child is a new one that was asked nothing yet. */
    void onNewChild() {
        asked = Optional.empty();
        asking = false;
        settle();
    }

    /** The most verbose level of any session, if any session ever chose one. */
    private Optional<LogLevel> wanted() {
        LogLevel most = LogLevel.EMERGENCY;
        boolean chosen = asked.isPresent();
        boolean any = false;
        for (Session session : sessions) {
            if (session.phase == Session.Phase.NEW) {
                continue;
            }
            chosen |= session.choseLogLevel;
            any = true;
            most = session.logLevel.compareTo(most) < 0 ? session.logLevel : most;
        }
        return chosen ? Optional.of(any ? most : LogLevel.UNASKED) : Optional.empty();
    }
}
