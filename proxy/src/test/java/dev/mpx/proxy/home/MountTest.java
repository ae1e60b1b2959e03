package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTest {
    private static final String TABLE = """
            22 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/l
            23 22 0:21 / /proc rw - proc proc rw
            30 22 0:30 / /root/.mempalace rw,nosuid - virtiofs mempalace rw
            31 30 0:31 / /root/.mempalace/palace rw master:7 propagate_from:2 - ext4 /dev/vdb rw
            40 22 0:40 / /mnt/my\\040files rw - fuse.sshfs me@host:/a\\040b rw
            50 22 0:50 / /hidden/below rw - 9p share rw
            51 22 0:51 / /hidden rw - tmpfs tmpfs rw
            60 22 0:60 / /twice rw - nfs4 server:/x rw
            61 60 0:61 / /twice rw - ext4 /dev/vdc rw
            """;

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, overlay, false", "/root/.mempalace, virtiofs, true", "/root/.mempalace/broker.json, virtiofs, true",
        "/root/.mempalace/palace/x, ext4, false", "/root/.mempalace2, overlay, false", "/mnt/my files/h, fuse.sshfs, true",
        "/hidden/below/x, tmpfs, false", "/twice/x, ext4, false"
    })
    void aPathLiesOnTheMountThatTheKernelWouldComeTo(String path, String type, boolean isShared) {
        Mount mount = Mount.in(TABLE, Path.of(path)).orElseThrow();
        assertThat(mount.type()).isEqualTo(type);
        assertThat(mount.isShared()).isEqualTo(isShared);
    }

    @Test
    void aPersonCanTellWhichOneIsMeant() {
        assertThat(Mount.in(TABLE, Path.of("/mnt/my files/h")).orElseThrow()).hasToString("fuse.sshfs \"me@host:/a b\" on /mnt/my files");
    }

    @ParameterizedTest
    @CsvSource({
        "virtiofs, true", "9p, true", "fuse, true", "fuse.bindfs, true", "fuseblk, true", "nfs, true", "nfs4, true", "cifs, true", "smb3, true",
        "fakeowner, true", "vboxsf, true", "ext4, false", "btrfs, false", "tmpfs, false", "overlay, false", "apfs, false", "fusectl, false"
    })
    void whatAnotherKernelMaySeeIsShared(String type, boolean isShared) {
        assertThat(new Mount("/", type, "x").isShared()).isEqualTo(isShared);
    }

    @Test
    void aTableThatMakesNoSenseTellsNothing() {
        assertThat(Mount.in("nonsense\n1 2 3\n\n", Path.of("/a"))).isEmpty();
    }

    @Test
    void thisMachineHasOneForEveryPathThereOrNot() {
        assertThat(Mount.of(Path.of("/proc/self"))).get().extracting(Mount::type).isEqualTo("proc");
        assertThat(Mount.of(Path.of("/no/such/file"))).isPresent();
    }
}
