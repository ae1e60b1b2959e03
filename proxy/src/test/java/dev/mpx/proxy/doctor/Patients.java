package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Patients that are made up. */
final class Patients {
    private Patients() {}

    /** Of a user whose home directory that is, with no palace and no server. */
    static Patient of(Path user) {
        Environment environment = new Environment(Map.of("HOME", user.toString(), "PATH", "/usr/bin:/bin"), user, user);
        return new Patient(new Home(user.resolve("h")), environment, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
