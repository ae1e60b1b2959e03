package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpSilenceTest {
    private static final TcpSilence.Connection V4 = connection("10.77.0.1", 7999, "10.77.0.2", 52344);
    private static final TcpSilence.Connection V6 = connection("fe80::1:2", 7999, "fe80::3", 1);

    @TempDir
    Path directory;

    private static TcpSilence.Connection connection(String local, int port, String remote, int remotePort) {
        return new TcpSilence.Connection(new InetSocketAddress(local, port), new InetSocketAddress(remote, remotePort));
    }

    private TcpSilence after(String... lines) throws IOException {
        say(lines);
        return new TcpSilence(List.of(directory.resolve("absent"), directory.resolve("tcp")));
    }

    private void say(String... lines) throws IOException {
        Files.writeString(directory.resolve("tcp"), "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                + String.join("\n", lines) + "\n");
    }

    private static String line(String ends, String timer, int again) {
        return "   7: " + ends + " 01 00000064:00000000 " + timer + ":0000006D " + String.format("%08X", again) + "     0        0 1 4";
    }

    private static String v4(String timer, int again) {
        return line("01004D0A:1F3F 02004D0A:CC78", timer, again);
    }

    private static long at(int second) {
        return TimeUnit.SECONDS.toNanos(second);
    }

    @Test
    void whoAcknowledgesNothingForTheLimitIsFoundAndNobodyElse() throws Exception {
        String mapped = line("0000000000000000FFFF000001004D0A:1F3F 0000000000000000FFFF000003004D0A:CC78", "01", 2);
        TcpSilence.Connection other = connection("10.77.0.1", 7999, "10.77.0.3", 52344);
        TcpSilence.Connection quiet = connection("10.77.0.1", 7999, "10.77.0.4", 52344);
        TcpSilence silence = after(v4("01", 1), mapped, line("000080FE000000000000000002000100:1F3F 000080FE000000000000000003000000:0001", "01", 1));
        List<TcpSilence.Connection> all = List.of(V4, other, quiet, V6);
        assertThat(silence.look(all, at(100))).isEmpty();
        say(v4("01", 5), mapped, line("000080FE000000000000000002000100:1F3F 000080FE000000000000000003000000:0001", "01", 1));
        assertThat(silence.look(all, at(113))).isEmpty();
        assertThat(silence.look(all, at(114))).containsExactlyInAnyOrder(V4, other, V6);
        assertThat(silence.look(List.of(V4), at(115))).containsExactly(V4);
    }

    @Test
    void whatWasAcknowledgedInBetweenBeginsAnew() throws Exception {
        TcpSilence silence = after(v4("01", 4));
        silence.look(List.of(V4), at(0));
        say(v4("01", 2));
        assertThat(silence.look(List.of(V4), at(10))).isEmpty();
        assertThat(silence.look(List.of(V4), at(20))).isEmpty();
        say(v4("01", 0));
        assertThat(silence.look(List.of(V4), at(22))).isEmpty();
        say(v4("01", 3));
        assertThat(silence.look(List.of(V4), at(25))).isEmpty();
    }

    @Test
    void aPeerThatHasNoRoomIsNotSilent() throws Exception {
        TcpSilence silence = after(v4("04", 9)); // the timer of probes for room, which are all answered
        silence.look(List.of(V4), at(0));
        assertThat(silence.look(List.of(V4), at(100))).isEmpty();
        say(v4("04", 0).replace(" 0        0 1", " 0        3 1"));
        silence.look(List.of(V4), at(200));
        assertThat(silence.look(List.of(V4), at(214))).as("none of three was").containsExactly(V4);
    }
}
