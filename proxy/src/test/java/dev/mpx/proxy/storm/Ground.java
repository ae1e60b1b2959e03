package dev.mpx.proxy.storm;

import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What a storm goes over: a palace server, and how to look into its data past it. */
public interface Ground {
    /** The server's command line, as it stands behind {@code mpx --}. */
    List<String> server();

    /** Whether a process is this server, by its command line. */
    boolean isServer(OsProcess process);

    /** How often each subject that was ever written is in the file. */
    Map<String, Long> facts() throws SQLException, IOException;

    /** Fails if anything about the data shows that two have written at once, or that a file is damaged. */
    void inspect() throws SQLException, IOException;
}
