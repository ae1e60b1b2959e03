package dev.mpx.proxy.forward;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.ShellWords;
import java.util.List;

/** What ssh(1) says when it can't connect, as a sentence with what helps. Stateless. */
final class Complaint {
    private Complaint() {}

    /** @param said its standard error @param mayAsk whether the user could be asked */
    static ForwardFailure of(Endpoint.Ssh endpoint, String said, boolean mayAsk) {
        return new ForwardFailure(sentence(endpoint, said, mayAsk) + quoted(said));
    }

    private static String sentence(Endpoint.Ssh endpoint, String said, boolean mayAsk) {
        String ssh = ssh(endpoint);
        if (said.contains("IDENTIFICATION HAS CHANGED") || said.contains("has changed and you have requested strict")) {
            return "The host key of " + endpoint.host() + " is not the one that is known here: either it was installed anew, or somebody else"
                    + " answers in its place. Compare the fingerprints on the host itself before you remove the old key (ssh-keygen -R).";
        }
        if (said.contains("Host key verification failed") || said.contains("host key is known for")) {
            return "The host key of " + endpoint.host() + " is not known here, and mpx accepts none by itself. Connect once by hand and compare"
                    + " the fingerprint: " + ssh;
        }
        if (said.contains("Permission denied") || said.contains("Too many authentication failures")) {
            return endpoint.host() + " does not let you in by " + (mayAsk ? "what you have shown." : "any key that can be used without asking you.")
                    + " Add the key to your ssh-agent (ssh-add), or see that this works: " + ssh;
        }
        if (said.contains("Could not resolve")) {
            return "No host is known by the name " + endpoint.host() + ".";
        }
        if (said.isBlank()) {
            return "ssh ended without a word. See that this works: " + ssh;
        }
        return "No SSH connection to " + endpoint.host() + " can be made. See that this works: " + ssh;
    }

    private static String ssh(Endpoint.Ssh endpoint) {
        return "ssh " + ShellWords.join(OpenSsh.destination(endpoint).stream().filter(word -> !word.equals("--")).toList());
    }

    /** The last line that ssh said, which is the one that names the reason. */
    private static String quoted(String said) {
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "" : " (ssh says: " + lines.get(lines.size() - 1).strip() + ")";
    }
}
