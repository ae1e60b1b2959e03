package dev.mpx.proxy.home;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who is to speak SSH, where a user has a say in it: MPX_SSH, else {@code ssh} in the machine's settings. */
public enum SshWay {
    /** ssh(1), which the native program runs; there is no relay then. */
    OPENSSH,
    /** The relay. */
    JAVA;

    /**
     * Empty where nothing is set.
     *
     * @throws HomeException if what is set is none of them
     */
    public static Optional<SshWay> chosen(Environment environment) {
        Optional<String> named = environment.get("MPX_SSH").or(() -> new MachineSettings(environment).ssh());
        return named.map(name -> Arrays.stream(values()).filter(way -> way.name().toLowerCase(Locale.ROOT).equals(name)).findFirst()
                .orElseThrow(() -> new HomeException("MPX_SSH (or \"ssh\" in mpx.toml) is \"" + name
                        + "\", and may only be \"openssh\" or \"java\".")));
    }
}
