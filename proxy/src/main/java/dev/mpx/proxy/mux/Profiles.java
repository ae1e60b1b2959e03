package dev.mpx.proxy.mux;

import java.util.Map;
import java.util.Optional;

/**
 * Remembers across daemons what a child answered to {@code initialize} and to the lists, for clients that come while
 * the next one is still starting. Must not block: files are read before and written after, elsewhere.
 */
public interface Profiles {
    /**
     * What one child answered.
     *
     * @param initialize the whole response line
     * @param pages results of the first pages, by list method
     */
    record Profile(byte[] initialize, Map<String, byte[]> pages) {
        public Profile {
            pages = Map.copyOf(pages);
        }
    }

    /** Remembers nothing. */
    Profiles NONE = new Profiles() {
        @Override
        public Optional<Profile> load(byte[] declared) {
            return Optional.empty();
        }

        @Override
        public void save(byte[] declared, Profile profile) {}
    };

    /** What a child answered that had been told these client capabilities. */
    Optional<Profile> load(byte[] declared);

    void save(byte[] declared, Profile profile);
}
