package dev.mpx.proxy.daemon;

import dev.mpx.framing.ErrorCode;
import dev.mpx.proxy.metrics.Figures;
import dev.mpx.proxy.metrics.Figures.Memory;
import dev.mpx.proxy.metrics.MetricsText;
import dev.mpx.proxy.mux.Control.Reply;
import dev.mpx.proxy.mux.Fault;
import dev.mpx.proxy.mux.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Metrics for whoever asks. The libraries that write them are loaded for the first; measuring and writing, which take their
 * time, are done off the loop.
 */
final class MetricsDesk {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsDesk.class);
    private static final String WRITER = "dev.mpx.proxy.metrics.prometheus.PrometheusText";

    private final Supplier<Figures> figures;
    private final Scheduler loop;
    private Optional<MetricsText> writer = Optional.empty();

    /** @param figures taken on the loop; the memory in them is measured here */
    MetricsDesk(Supplier<Figures> figures, Scheduler loop) {
        this.figures = figures;
        this.loop = loop;
    }

    /** {@code mpx/metrics}. */
    Reply ask() {
        return new Reply.Later(asker -> text().subscribe(
                text -> asker.answer(Json.object(json -> json.writeStringField("text", text))),
                error -> {
                    LOG.error("metrics can't be written", error);
                    asker.refuse(Fault.plain(ErrorCode.INTERNAL_ERROR, "The metrics can't be written: " + error + ". See: mpx logs"));
                }));
    }

    /** The same for other threads. */
    CompletableFuture<String> future() {
        return text().toFuture();
    }

    /** Answered on the loop. */
    private Mono<String> text() {
        return Mono.fromSupplier(figures)
                .subscribeOn(loop)
                .publishOn(Schedulers.boundedElastic())
                .map(MetricsDesk::measured)
                .map(this::write)
                .publishOn(loop);
    }

    private static Figures measured(Figures taken) {
        OptionalLong child = taken.snapshot().child().pid();
        return taken.with(new Memory(
                child.isPresent() ? told(ProcessTable.residentNow(child.getAsLong())) : OptionalLong.of(0),
                told(ProcessTable.residentOf(ProcessHandle.current().pid())),
                OptionalLong.of(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed())));
    }

    /** No process that lives has none: 0 is what the process table says where the system does not tell. */
    private static OptionalLong told(long bytes) {
        return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    private synchronized String write(Figures taken) {
        if (writer.isEmpty()) {
            writer = Optional.of(load());
        }
        return writer.get().render(taken);
    }

    private static MetricsText load() {
        try {
            ClassLoader loader = SideLibrary.of("metrics", List.of("mpx-proxy.jar"), List.of("dev.mpx.proxy.metrics.prometheus."));
            ClassLoader usual = Thread.currentThread().getContextClassLoader();
            // the libraries look for their parts there
            Thread.currentThread().setContextClassLoader(loader);
            try {
                return (MetricsText) loader.loadClass(WRITER).getConstructor().newInstance();
            } finally {
                Thread.currentThread().setContextClassLoader(usual);
            }
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException("their libraries can't be loaded; install mpx anew", e);
        }
    }
}
