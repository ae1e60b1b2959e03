package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.MachineSettings;
import java.util.Optional;

/** What is shown to a daemon that is reached by TCP: MEMPALACE_BROKER_TOKEN, else the machine's settings, else what its home says. */
record TokenSearch(Home home, Environment environment) {
    private static final int DIGITS = 64;

    /**
     * @throws NoDaemonException if there is none now; the daemon's home may say it soon
     * @throws HomeException if what is set is no token
     */
    String forEndpoint(Endpoint.Tcp endpoint) throws NoDaemonException {
        Optional<String> token = environment.get("MEMPALACE_BROKER_TOKEN");
        if (token.isEmpty()) {
            token = new MachineSettings(environment).token();
        }
        if (token.isEmpty()) {
            Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile());
            token = broker.isPresent() ? broker.get().token() : Optional.empty();
        }
        if (token.isEmpty()) {
            throw NoDaemonException.failed("mpx can't connect to " + endpoint + " without the daemon's token. It stands as \"token\" in"
                    + " broker.json in the home of that daemon, as long as that runs; " + home.brokerFile() + " has none. Set it as"
                    + " MEMPALACE_BROKER_TOKEN, or as token = \"…\" in ~/.config/mpx/mpx.toml.");
        }
        String digits = token.get().strip();
        if (!isToken(digits)) {
            throw new HomeException("The token for " + endpoint + " (MEMPALACE_BROKER_TOKEN, or token in mpx.toml) must be the " + DIGITS
                    + " hexadecimal digits that stand as \"token\" in the daemon's broker.json.");
        }
        return digits;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return text.length() == DIGITS;
    }
}
