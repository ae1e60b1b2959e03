package dev.mpx.proxy.forward;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.ShellWords;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What ssh(1) says when it can't connect, as a sentence with what helps. Stateless. */
final class Complaint {
    private static final String COMPARE = "Compare its fingerprint with what the host itself says: for k in /etc/ssh/ssh_host_*_key.pub; do"
            + " ssh-keygen -lf \"$k\"; done.";
    /** sshconnect.c, check_host_key. */
    private static final Pattern KEPT_AS = Pattern.compile("(?m)^Host key for (\\S+) has changed");
    private static final Pattern KEPT_IN = Pattern.compile("(?m)^Offending \\S+ key in (.+):\\d+\\r?$");

    private Complaint() {}

    /** @param said its standard error @param mayAsk whether the user could be asked */
    static ForwardFailure of(Endpoint.Ssh endpoint, String said, boolean mayAsk) {
        return new ForwardFailure(what(endpoint, said, mayAsk) + quoted(said) + helps(endpoint, said));
    }

    private static boolean isChanged(String said) {
        return said.contains("IDENTIFICATION HAS CHANGED") || said.contains("has changed and you have requested strict");
    }

    private static boolean isUnknown(String said) {
        return said.contains("Host key verification failed") || said.contains("host key is known for");
    }

    private static boolean isDenied(String said) {
        return said.contains("Permission denied") || said.contains("Too many authentication failures");
    }

    private static String what(Endpoint.Ssh endpoint, String said, boolean mayAsk) {
        if (isChanged(said)) {
            return "The host key of " + endpoint.host() + " is not the one that is known here: either it was installed anew, or somebody else"
                    + " answers in its place.";
        }
        if (isUnknown(said)) {
            return "The host key of " + endpoint.host() + " is not known here, and mpx accepts none by itself.";
        }
        if (isDenied(said)) {
            return endpoint.host() + " does not let you in by " + (mayAsk ? "what you have shown." : "any key that can be used without asking you.");
        }
        if (said.contains("Could not resolve")) {
            return "No host is known by the name " + endpoint.host() + ".";
        }
        if (said.isBlank()) {
            return "ssh ended without a word.";
        }
        return "No SSH connection to " + endpoint.host() + " can be made.";
    }

    /** With a command, which stands last so that it can be copied. */
    private static String helps(Endpoint.Ssh endpoint, String said) {
        if (isChanged(said)) {
            return " " + COMPARE + " Only if it is the same, accept it with: " + forget(endpoint, said) + " && " + byHand(endpoint);
        }
        if (isUnknown(said)) {
            return " " + COMPARE + " If it is the same, accept it with: " + byHand(endpoint);
        }
        if (isDenied(said)) {
            return " Add the key to your ssh-agent (ssh-add), or see that this works: " + ssh(endpoint);
        }
        return said.contains("Could not resolve") ? "" : " See that this works: " + ssh(endpoint);
    }

    /** Takes the known key out of the file in which ssh has found it. */
    private static String forget(Endpoint.Ssh endpoint, String said) {
        Matcher name = KEPT_AS.matcher(said);
        Matcher file = KEPT_IN.matcher(said);
        String plain = endpoint.port().isEmpty() ? endpoint.host() : "[" + endpoint.host() + "]:" + endpoint.port().getAsInt();
        return "ssh-keygen -R " + ShellWords.quote(name.find() ? name.group(1) : plain)
                + (file.find() ? " -f " + ShellWords.quote(file.group(1)) : "");
    }

    /** Shows the key once more, and asks. */
    private static String byHand(Endpoint.Ssh endpoint) {
        return "ssh -o StrictHostKeyChecking=ask" + ssh(endpoint).substring("ssh".length()) + " true";
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
