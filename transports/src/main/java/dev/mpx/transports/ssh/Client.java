package dev.mpx.transports.ssh;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.PublicKeyAuthenticationReporter;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * MINA's client as mpx wants it: nothing is read behind mpx's back (MINA has its own ideas of ~/.ssh), keys only, the server may
 * open nothing, and a peer that falls silent is noticed.
 */
final class Client {
    /** A dead peer is to be noticed within 15 s (the issue on SSH): the third unanswered one ends it, 4 s after the last. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(4);

    private static final int UNANSWERED = 2;
    private static final int THREADS = 2;

    private Client() {}

    static SshClient start() {
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setFilePasswordProvider(FilePasswordProvider.EMPTY);
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        client.setKeyIdentityProvider(session -> Hop.of(session).identities().keys());
        client.setServerKeyVerifier((session, address, key) -> Hop.of(session).check().accepts(key));
        client.setAgentFactory(new Agents());
        client.setPublicKeyAuthenticationReporter(new Reporter());
        client.setSignatureFactories(plain(client.getSignatureFactories()));
        client.addSessionListener(new KnownKeysFirst());
        client.setChannelFactories(List.of());
        client.setGlobalRequestHandlers(List.of());
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(client, true);
        CoreModuleProperties.WINDOW_SIZE.set(client, (long) SshStream.WINDOW);
        CoreModuleProperties.NIO_WORKERS.set(client, THREADS);
        client.start();
        return client;
    }

    /** Without those for host certificates: who signed one is not checked here, so none is asked for. */
    private static List<NamedFactory<Signature>> plain(List<NamedFactory<Signature>> all) {
        return all.stream().filter(factory -> !factory.getName().contains("-cert-")).toList();
    }

    /** A host has several keys; it is asked for one that is known, or a good host would be refused for showing another. */
    private static final class KnownKeysFirst implements SessionListener {
        @Override
        public void sessionCreated(Session session) {
            Set<String> known = Hop.of(session).check().known().types();
            List<NamedFactory<Signature>> ordered = session.getSignatureFactories().stream()
                    .sorted(Comparator.comparing(factory -> !known.contains(KeyUtils.getCanonicalKeyType(factory.getName()))))
                    .toList();
            session.setSignatureFactories(ordered);
        }
    }

    private static final class Agents implements SshAgentFactory {
        @Override
        public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
            return List.of();
        }

        @Override
        public SshAgent createClient(Session session, FactoryManager manager) {
            return Hop.of(session).identities().agent().orElse(null);
        }

        @Override
        public SshAgentServer createServer(ConnectionService service) throws IOException {
            throw new IOException("no agent is forwarded");
        }
    }

    private static final class Reporter implements PublicKeyAuthenticationReporter {
        @Override
        public void signalAuthenticationAttempt(ClientSession session, String service, KeyPair identity, String signature) {
            Hop.of(session).identities().tried(identity);
        }
    }
}
