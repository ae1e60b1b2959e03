package dev.mpx.proxy.agents.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TOML in the forms that people write it in. */
class TomlDocumentTest {
    private static final String ALL_FORMS = """
            title = "a \\"b\\" \\u00e9" # comment
            'quoted key'."another one" = 'C:\\path'
            long = \"""
            a
            b = 3 # no comment
            \"""
            dates = [1979-05-27T07:32:00Z, 1979-05-27] # and a list
            nested = [ [1, 2], ["a", 'b'],
              # inside
            ]
            point = { x = 1, y.z = "deep" }
            [a.b]
            c = 1_000
            [a]
            d = true
            [[list]]
            n = 1
            [list.sub]
            k = "first"
            [[list]]
            n = 2
            """;

    @Test
    void everyFormIsReadLikeTheLibraryReadsIt() throws Exception {
        TomlDocument document = TomlDocument.parse(ALL_FORMS);

        assertThat(document.root().at(List.of("title")).orElseThrow().text()).contains("a \"b\" \u00e9");
        assertThat(document.root().at(List.of("quoted key", "another one")).orElseThrow().text()).contains("C:\\path");
        assertThat(document.root().at(List.of("long")).orElseThrow().text()).contains("a\nb = 3 # no comment\n");
        assertThat(document.root().at(List.of("point", "y", "z")).orElseThrow().text()).contains("deep");
        assertThat(document.root().at(List.of("list", "0", "sub", "k")).orElseThrow().text()).contains("first");
        assertThat(document.root().plain().keySet()).isEqualTo(document.meaning().keySet());
    }

    @Test
    void aValueIsReplacedAndAllElseStays() throws Exception {
        TomlDocument document = TomlDocument.parse(ALL_FORMS);

        assertThat(document.with(List.of(document.set(document.root().at(List.of("point", "y", "z")).orElseThrow(), "new"))).text())
                .isEqualTo(ALL_FORMS.replace("\"deep\"", "\"new\""));
        assertThat(document.with(List.of(document.set(document.root().at(List.of("list", "0", "sub", "k")).orElseThrow(), "new"))).text())
                .isEqualTo(ALL_FORMS.replace("\"first\"", "\"new\""));
    }

    @Test
    void aTableIsAddedAndTakenAwayAgain() throws Exception {
        for (String text : List.of(ALL_FORMS, "", "# nothing\n", "a = 1", "mcp = {}\n", "mcp = { x = { y = 1 } } # c\n", "[mcp.x]\nb = 1\n",
                "mcp.x.b = 1\r\n")) {
            TomlDocument document = TomlDocument.parse(text);

            TomlDocument after = document.with(document.add(List.of("mcp"), "new one", Map.of("command", "c")));

            assertThat(after.meaning()).extractingByKey("mcp").asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("new one", Map.of("command", "c"));
            assertThat(after.with(after.remove(List.of("mcp", "new one"))).text().replaceAll("\\s", ""))
                    .isEqualTo(text.replaceAll("\\s", ""));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'a = 1\nb'                 | 2 | 2
            'a = "x'                   | 1 | 5
            '[a\nb = 1'                | 1 | 3
            'a = 1 b'                  | 1 | 1
            'x = 1\na = 1\na = 2'      | 3 | 1
            'a = [1, 2\nb = 1\n'       | 2 | 1
            'a = {b = 1'               | 1 | 11
            'a = 1\n\nb = nonsense\n'  | 3 | 1
            'a = 1\n\tb = = 2\n'       | 2 | 6
            'a = {b = 1, b = 2}'     | 1 | 13
            'a = 1\n  b = nonsense\n'  | 2 | 3
            """)
    void whatIsNoTomlIsNamedWithLineAndColumn(String text, int line, int column) {
        assertThatThrownBy(() -> TomlDocument.parse(text.replace("\\n", "\n"))).asInstanceOf(type(Unreadable.class))
                .satisfies(fault -> assertThat(List.of(fault.line(), fault.column())).as(fault.getMessage())
                        .isEqualTo(List.of(line, column)))
                .satisfies(fault -> assertThat(fault.getMessage()).as("part of a sentence").doesNotEndWith("."));
    }
}
