package dev.mpx.proxy.peers;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** A client of the Java SDK that remembers what it was asked and told. */
final class JavaPeer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** The SDK tells of each handshake, instructions and all; held here, for loggers are held weakly. */
    private static final Logger SDK_LOG = Logger.getLogger("io.modelcontextprotocol");

    static {
        SDK_LOG.setLevel(Level.WARNING);
    }

    private final String name;
    private final McpSyncClient client;
    private final AtomicInteger sampled = new AtomicInteger();
    private int asksLost;
    private final AtomicInteger elicited = new AtomicInteger();
    private final Queue<ProgressNotification> progress = new ConcurrentLinkedQueue<>();
    private final Queue<String> levels = new ConcurrentLinkedQueue<>();

    /** A client that will start the command, program first, with exactly the given environment. */
    JavaPeer(String name, List<String> command, Map<String, String> environment) {
        this.name = name;
        ServerParameters server = ServerParameters.builder(command.get(0))
                .args(command.subList(1, command.size()))
                .env(environment)
                .build();
        StdioClientTransport transport = new StdioClientTransport(server, McpJsonDefaults.getMapper());
        // The SDK otherwise prints each line of the server's stderr as its own warning.
        transport.setStdErrorHandler(line -> {});
        client = McpClient.sync(transport)
                .clientInfo(Implementation.builder(name, "1").build())
                .requestTimeout(LIMIT)
                .initializationTimeout(LIMIT)
                .capabilities(ClientCapabilities.builder().sampling().elicitation().build())
                .sampling(request -> {
                    sampled.incrementAndGet();
                    return CreateMessageResult.builder(Role.ASSISTANT, "sampled by " + name, "model of " + name)
                            .build();
                })
                .elicitation(request -> {
                    elicited.incrementAndGet();
                    return new ElicitResult(ElicitResult.Action.ACCEPT, Map.of("name", "user of " + name));
                })
                .progressConsumer(progress::add)
                .loggingConsumer(message -> levels.add(message.level().name()))
                .build();
    }

    String name() {
        return name;
    }

    /** The SDK's own client, for what needs no remembering. */
    McpSyncClient sdk() {
        return client;
    }

    /** The text of a tool's result. */
    String call(String tool, Map<String, Object> arguments) {
        return text(client.callTool(CallToolRequest.builder(tool).arguments(arguments).build()));
    }

    /**
     * The same for a tool that asks its caller something. The SDK refuses a message while another is still being handed to its
     * transport, and so loses its own answer now and then: one in some twenty on a busy machine, without mpx between as well. Then it
     * is called once more.
     */
    String callThatAsks(String tool, Map<String, Object> arguments) {
        try {
            return call(tool, arguments);
        } catch (RuntimeException lost) {
            asksLost++;
            return call(tool, arguments);
        }
    }

    /** How many of those it had to repeat, in each of which it may or may not have been asked. */
    int asksLost() {
        return asksLost;
    }

    /** The same for a call that asks for progress under the given token. */
    String call(String tool, Map<String, Object> arguments, String progressToken) {
        return text(client.callTool(CallToolRequest.builder(tool)
                .arguments(arguments)
                .progressToken(progressToken)
                .build()));
    }

    int sampled() {
        return sampled.get();
    }

    int elicited() {
        return elicited.get();
    }

    List<ProgressNotification> progress() {
        return List.copyOf(progress);
    }

    List<String> levels() {
        return List.copyOf(levels);
    }

    @Override
    public void close() {
        client.closeGracefully();
    }

    private static String text(CallToolResult result) {
        return result.content().stream()
                .filter(TextContent.class::isInstance)
                .map(block -> ((TextContent) block).text())
                .collect(Collectors.joining("\n"));
    }
}
