package dev.mpx.proxy.storm;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks into a SQLite file beside whoever writes to it. */
public final class SqliteFile {
    private static final int PATIENCE_MILLIS = 10_000;

    private SqliteFile() {}

    /** @param query whose rows are a text and a number */
    public static Map<String, Long> count(Path file, String query) throws SQLException {
        try (Connection connection = open(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            Map<String, Long> counts = new HashMap<>();
            while (rows.next()) {
                counts.merge(rows.getString(1), rows.getLong(2), Long::sum);
            }
            return counts;
        }
    }

    /** What {@code PRAGMA integrity_check} says: {@code ok}, or what is broken. */
    public static String integrity(Path file) throws SQLException {
        try (Connection connection = open(file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
            List<String> findings = new ArrayList<>();
            while (rows.next()) {
                findings.add(rows.getString(1));
            }
            return String.join("; ", findings);
        }
    }

    private static Connection open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=" + PATIENCE_MILLIS);
            statement.execute("PRAGMA query_only=1");
        }
        return connection;
    }
}
