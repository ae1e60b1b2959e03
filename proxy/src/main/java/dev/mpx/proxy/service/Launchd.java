package dev.mpx.proxy.service;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Owner;
import dev.mpx.proxy.home.Succession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** macOS: an agent in {@code ~/Library/LaunchAgents}. */
final class Launchd implements ServiceHost {
    private static final String PREFIX = "dev.mpx.";
    private static final String SUFFIX = ".plist";
    private static final Pattern EXIT = Pattern.compile("last exit code = (\\d+)");

    private final String label;
    private final String domain;
    private final Path home;
    private final UnitFile file;
    private final ControlCommand launchctl;

    Launchd(String name, Path home, Environment environment) {
        this.label = PREFIX + name;
        this.domain = "gui/" + Owner.uid();
        this.home = home;
        this.file = new UnitFile(environment.userHome().resolve("Library/LaunchAgents").resolve(label + SUFFIX));
        this.launchctl = new ControlCommand(environment, "launchctl");
    }

    @Override
    public String unit() {
        return label;
    }

    @Override
    public Path file() {
        return file.file();
    }

    /** AbandonProcessGroup: what a dead daemon leaves is its guard's to end, in order. */
    @Override
    public String text(ServiceSpec spec) {
        String arguments = spec.command().stream().map(word -> "    <string>" + escaped(word) + "</string>\n")
                .collect(Collectors.joining());
        String variables = spec.environmentOf(label).entrySet().stream()
                .map(each -> "    <key>" + escaped(each.getKey()) + "</key>\n    <string>" + escaped(each.getValue()) + "</string>\n")
                .collect(Collectors.joining());
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <!-- %s -->
                <plist version="1.0">
                <dict>
                  <key>Label</key>
                  <string>%s</string>
                  <key>ProgramArguments</key>
                  <array>
                %s  </array>
                  <key>EnvironmentVariables</key>
                  <dict>
                %s  </dict>
                  <key>RunAtLoad</key>
                  <true/>
                  <key>KeepAlive</key>
                  <dict>
                    <key>SuccessfulExit</key>
                    <false/>
                  </dict>
                  <key>ThrottleInterval</key>
                  <integer>10</integer>
                  <key>ExitTimeOut</key>
                  <integer>%d</integer>
                  <key>AbandonProcessGroup</key>
                  <true/>
                  <key>StandardErrorPath</key>
                  <string>%s</string>
                </dict>
                </plist>
                """.formatted(spec.marker(), label, arguments, variables, Succession.HANDOVER.toSeconds() + 10,
                escaped(spec.log().toString()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public Optional<String> absence() {
        if (launchctl.program().isEmpty()) {
            return Optional.of("there is no launchctl on PATH");
        }
        ControlCommand.Answer answer = launchctl.ask("print", domain);
        return answer.isWell() ? Optional.empty()
                : Optional.of("you are not logged in at the screen (\"launchctl print " + domain + "\" says: "
                        + answer.text().lines().findFirst().orElse("nothing") + ")");
    }

    @Override
    public Optional<String> collision() {
        Optional<String> taken = file.collision(home);
        boolean isElsewhere = taken.isEmpty() && !isThere() && isLoaded();
        return isElsewhere ? Optional.of("there is a service " + label + " already. Choose another name with --name.") : taken;
    }

    private boolean isLoaded() {
        return launchctl.ask("print", domain + "/" + label).isWell();
    }

    @Override
    public List<String> names() {
        return file.names(home, PREFIX, SUFFIX);
    }

    @Override
    public boolean isCurrent(ServiceSpec spec) {
        ControlCommand.Answer answer = launchctl.ask("print", domain + "/" + label);
        return file.text().filter(text(spec)::equals).isPresent() && answer.isWell() && answer.text().contains("state = running");
    }

    @Override
    public boolean isThere() {
        return file.isFor(home);
    }

    @Override
    public void write(ServiceSpec spec) throws IOException {
        file.write(text(spec));
    }

    @Override
    public void start() throws IOException {
        if (isLoaded()) { // what is loaded is the description before
            launchctl.tell("bootout", domain + "/" + label);
        }
        launchctl.tell("bootstrap", domain, file().toString());
    }

    @Override
    public Optional<String> failure() {
        String state = launchctl.ask("print", domain + "/" + label).text();
        Matcher exit = EXIT.matcher(state);
        return !state.contains("state = running") && exit.find() ? Optional.of("it has ended with status " + exit.group(1))
                : Optional.empty();
    }

    @Override
    public String log() {
        return new Home(home).daemonLog().toString(); // StandardErrorPath
    }

    @Override
    public List<String> lastLines() {
        try {
            List<String> lines = Files.readAllLines(Path.of(log()));
            return lines.subList(Math.max(0, lines.size() - 5), lines.size());
        } catch (IOException none) {
            return List.of();
        }
    }

    @Override
    public void remove() throws IOException {
        ControlCommand.Answer stopped = isLoaded() ? launchctl.ask("bootout", domain + "/" + label) : new ControlCommand.Answer(0, "");
        file.delete();
        if (!stopped.isWell()) {
            throw new IOException("\"launchctl bootout " + domain + "/" + label + "\" failed: " + stopped.text());
        }
    }

    @Override
    public String advice() {
        return "It runs while you are logged in. See it by \"launchctl print " + domain + "/" + label
                + "\", restart it by \"launchctl kickstart -k "
                + domain + "/" + label + "\".";
    }
}
