package dev.mpx.bench.ways;

import java.util.Optional;

/** mpx: one daemon and one server for all agents, each with a shim. */
public final class Mpx implements Way {
    public static final String NATIVE = "mpx";
    public static final String JAVA = "mpx-java";
    private static final int MOST_NATIVE = 256;
    private static final int MOST_NATIVE_FOR_MEMORY = 1000;
    private static final int MOST_JAVA = 8;
    private static final int MOST_JAVA_FOR_MEMORY = 100;

    private final Installed installed;
    private final boolean javaShim;

    public Mpx(Installed installed, boolean javaShim) {
        this.installed = installed;
        this.javaShim = javaShim;
    }

    @Override
    public String name() {
        return javaShim ? JAVA : NATIVE;
    }

    @Override
    public Optional<String> missing() {
        return javaShim || installed.isNative()
                ? Optional.empty()
                : Optional.of("mpx was built without a C compiler");
    }

    @Override
    public int mostSessions() {
        return javaShim ? MOST_JAVA : MOST_NATIVE;
    }

    @Override
    public int mostForMemory() {
        return javaShim ? MOST_JAVA_FOR_MEMORY : MOST_NATIVE_FOR_MEMORY;
    }

    @Override
    public Installed.Home open(Workshop workshop) {
        Installed.Home home = installed.home(javaShim);
        home.ensure();
        return home;
    }
}
