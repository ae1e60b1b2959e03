package dev.mpx.proxy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The layout of folders is the architecture: what each package must not know. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.mpx.framing", "dev.mpx.transports", "dev.mpx.proxy");

    @Test
    void framingKnowsNothingOfTransportsOrProxy() {
        check(noClasses().that().resideInAPackage("dev.mpx.framing..")
                .should().dependOnClassesThat().resideInAnyPackage("dev.mpx.transports..", "dev.mpx.proxy.."));
    }

    @Test
    void transportsKnowNothingOfProxy() {
        check(noClasses().that().resideInAPackage("dev.mpx.transports..")
                .should().dependOnClassesThat().resideInAPackage("dev.mpx.proxy.."));
    }

    @Test
    void theMultiplexerKnowsNeitherSocketsNorFilesNorAnyTransport() {
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.mux..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "java.net..", "java.nio.channels..", "java.nio.file..",
                        "dev.mpx.transports.unix..", "dev.mpx.transports.tcp..", "dev.mpx.transports.socket..",
                        "dev.mpx.transports.process..", "dev.mpx.transports.loop.."));
    }

    @Test
    void theMultiplexerKnowsNeitherProcessesNorThreadsNorClocks() {
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.mux..")
                .should().dependOnClassesThat().haveNameMatching(
                        "java\\.io\\.File.*|java\\.lang\\.(Process|Thread|Runtime$).*|java\\.time\\.(Clock|InstantSource)"));
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.mux..")
                .should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(java.time.Instant.class, "now"));
    }

    @Test
    void jobsKnowNeitherSocketsNorProcessesNorClocksAndOfTheProxyTheMultiplexerAlone() {
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.jobs..")
                .should().dependOnClassesThat().resideInAnyPackage("java.net..", "java.nio.channels..", "dev.mpx.transports..",
                        "dev.mpx.proxy.daemon..", "dev.mpx.proxy.home..", "dev.mpx.proxy.status..", "dev.mpx.proxy.cli..")
                .orShould().dependOnClassesThat().haveNameMatching("java\\.io\\.File.*|java\\.lang\\.(Process|Thread|Runtime$).*")
                .orShould().callMethod(java.time.Instant.class, "now"));
    }

    @Test
    void theMultiplexerRunsOnTheSchedulerItIsGivenAndNoOther() {
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.mux..")
                .should().dependOnClassesThat().haveFullyQualifiedName("reactor.core.scheduler.Schedulers"));
    }

    @Test
    void theMultiplexerKnowsNoOtherRoomOfTheProxy() {
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.mux..")
                .should().dependOnClassesThat(
                        resideInAPackage("dev.mpx.proxy..").and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage("dev.mpx.proxy.mux..")))));
    }

    @Test
    void theShimAndWhatItSharesStartWithoutLibraries() {
        check(noClasses().that().resideInAnyPackage("dev.mpx.proxy.shim..", "dev.mpx.proxy.home..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "com.fasterxml.jackson..", "reactor..", "picocli..", "org.newsclub..", "org.slf4j.."));
    }

    @Test
    void theRelayAloneKnowsOfSsh() {
        check(noClasses().that().resideOutsideOfPackages("dev.mpx.transports.ssh..", "dev.mpx.proxy.relay..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "org.apache.sshd..", "net.i2p..", "dev.mpx.transports.ssh..", "dev.mpx.proxy.relay.."));
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.relay..")
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.sshd..", "dev.mpx.proxy.mux..", "dev.mpx.proxy.shim.."));
    }

    @Test
    void theTraceKnowsNeitherSocketsNorFilesAndOfTheProxyTheMultiplexerAlone() {
        check(noClasses().that().resideInAPackage("dev.mpx.proxy.trace..")
                .should().dependOnClassesThat().resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..",
                        "dev.mpx.transports..", "dev.mpx.proxy.daemon..", "dev.mpx.proxy.home..", "dev.mpx.proxy.cli.."));
    }

    /** A daemon without metrics loads none of it: see SideLibrary. */
    @Test
    void onePackageAloneKnowsOfMicrometer() {
        check(noClasses().that().resideOutsideOfPackage("dev.mpx.proxy.metrics.prometheus..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "io.micrometer..", "io.prometheus..", "dev.mpx.proxy.metrics.prometheus.."));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("dev.mpx.(**)").should().beFreeOfCycles());
    }

    /** A rule about a package that is not there yet holds. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
