package dev.mpx.proxy.peers;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;

/** Lets a class of tests begin only where everything it needs is installed. */
final class PeersPresent implements ExecutionCondition, BeforeAllCallback {

    private final List<String> missing = Installation.missing();

    /** A skipped test is reported with the reason; one that is required is let through, to fail. */
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return missing.isEmpty() || required()
                ? ConditionEvaluationResult.enabled("the real peers are there, or have to be")
                : ConditionEvaluationResult.disabled(reason());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!missing.isEmpty()) {
            throw new AssertionFailedError(reason());
        }
    }

    private static boolean required() {
        return "required".equals(System.getProperty("mpx.peers"));
    }

    private String reason() {
        return "real peers are missing (" + String.join("; ", missing) + "): run test-fixtures/peers/install";
    }
}
