package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code mpx install} and {@code mpx uninstall} as a person types them. */
@Timeout(120)
class AgentConfigIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private Path write(String name, String text) throws Exception {
        Path file = user.directory().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aDryRunShowsTheDifferenceAndWritesNothing() throws Exception {
        String before = "{\n  \"mcpServers\": {\n    \"m\": {\"command\": \"mempalace-mcp\"}\n  }\n}\n";
        Path file = write(".gemini/settings.json", before);

        Run run = user.mpx("install", "--dry-run");

        assertThat(run.status()).isZero();
        assertThat(run.stdout()).contains("--- " + file, "-    \"m\": {\"command\": \"mempalace-mcp\"}",
                "+    \"m\": {\"command\": \"" + UserHome.launcher().toRealPath() + "\"}", "Nothing was changed.").doesNotContain("\u001b");
        assertThat(file).hasContent(before);
        assertThat(user.directory().resolve(".local")).doesNotExist();
    }

    @Test
    void whatWorksIsDoneAndWhatDoesNotIsSaidWithStatusOne() throws Exception {
        Path good = write(".gemini/settings.json", "{}\n");
        Path bad = write(".cursor/mcp.json", "{\n  \"mcpServers\": {,}\n}\n");

        Run run = user.mpx("install");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("mpx: " + bad + " can't be read: line 2, column 18: ");
        assertThat(run.stderr().lines()).as("each is said once, in one line").hasSize(1);
        assertThat(good).content().contains("mempalace");
        Run again = user.mpx("install", "--agent", "gemini");
        assertThat(again.status()).isZero();
        assertThat(again.stdout()).contains("Gemini CLI: nothing to do.");
        assertThat(user.mpx("uninstall").status()).isZero();
        assertThat(good).hasContent("{}\n");
        assertThat(user.mpx("uninstall").stdout()).contains("There is nothing to do");
    }

    @Test
    void aWordThatIsNoAgentIsWrongUsage() throws Exception {
        assertThat(user.mpx("install", "--agent", "emacs").status()).isEqualTo(2);
        assertThat(user.mpx("install", "--palace", "/p").status()).isEqualTo(2);
        assertThat(user.mpx("uninstall", "--agent", "gemini,all").status()).isZero();
    }
}
