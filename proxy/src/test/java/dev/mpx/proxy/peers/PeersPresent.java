package dev.mpx.proxy.peers;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets a class of tests begin only where everything it needs is installed. */
final class PeersPresent implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        List<String> missing = Installation.missing();
        if (missing.isEmpty()) {
            return;
        }
        String what = "real peers are missing (" + String.join("; ", missing)
                + "): run test-fixtures/peers/install";
        if ("required".equals(System.getProperty("mpx.peers"))) {
            fail(what);
        }
        abort(what);
    }
}
