package dev.mpx.proxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.relay.TwoSides;
import dev.mpx.proxy.whole.Run;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that is reached by SSH, with a real sshd: where the way is interrupted is named. */
@Timeout(120)
class DoctorAcrossIT {
    @RegisterExtension
    final TwoSides sides = new TwoSides();

    private List<Json> endpoint(int status) throws Exception {
        Run run = sides.container.mpx("doctor", "--json");
        assertThat(run.status()).as(run.toString()).isEqualTo(status);
        return Json.parse(run.stdout()).at("checks").elements().stream().filter(one -> one.at("name").text().equals("endpoint"))
                .flatMap(one -> one.at("findings").elements().stream()).toList();
    }

    private static List<String> texts(List<Json> findings, String member) {
        return findings.stream().map(one -> one.text(member, "")).toList();
    }

    @Test
    void aHostKeyThatIsNotKnownIsNamedAndNoneIsLearned() throws Exception {
        sides.install().sshd().start();
        List<Json> findings = endpoint(1);
        assertThat(texts(findings, "severity")).contains("fault");
        assertThat(texts(findings, "what")).anyMatch(what -> what.contains("host key of [127.0.0.1]:") && what.contains("not known"));
        assertThat(sides.container.directory().resolve(".ssh/known_hosts")).doesNotExist();
    }

    @Test
    void aWayThatWorksIsGoneToItsEnd() throws Exception {
        sides.ready();
        List<Json> findings = endpoint(0);
        assertThat(texts(findings, "severity")).containsExactly("ok");
        assertThat(texts(findings, "what").get(0)).contains("a session gets there", "mpx is ");
    }

    @Test
    void mpxThatIsMissingOnTheHostIsNamed() throws Exception {
        sides.introduce().sshd().start();
        assertThat(texts(endpoint(1), "what")).anyMatch(what -> what.contains("mpx is not installed on 127.0.0.1"));
    }
}
