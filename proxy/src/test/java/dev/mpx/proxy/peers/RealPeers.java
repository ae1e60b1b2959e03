package dev.mpx.proxy.peers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that needs the real peers. Where one is missing the test is skipped, and says which;
 * with {@code -Dmpx.peers=required} that is a failure instead.
 */
@Tag("real-peer")
@ExtendWith(PeersPresent.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface RealPeers {}
