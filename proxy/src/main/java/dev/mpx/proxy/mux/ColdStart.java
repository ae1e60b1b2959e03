package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Clients give up long before a palace server has been imported, so they are answered from what the last child said.
 * Once the new one is ready its lists are asked for and compared with what clients were told; where they differ,
 * clients are told that they have changed.
 */
final class ColdStart {
    /** Which lists there are, the capability each belongs to, and the notification that says it has changed. */
    private enum Listing {
        TOOLS(Methods.TOOLS_LIST, "tools", Methods.TOOLS_CHANGED),
        PROMPTS(Methods.PROMPTS_LIST, "prompts", Methods.PROMPTS_CHANGED),
        RESOURCES(Methods.RESOURCES_LIST, "resources", Methods.RESOURCES_CHANGED),
        TEMPLATES(Methods.TEMPLATES_LIST, "resources", Methods.RESOURCES_CHANGED);

        private final String method;
        private final String capability;
        private final String changed;

        Listing(String method, String capability, String changed) {
            this.method = method;
            this.capability = capability;
            this.changed = changed;
        }
    }

    private final Profiles profiles;
    private final Greeting greeting;
    private final OwnRequests own;
    private final ListCache lists;
    private final KnownReads reads;
    private final Sessions sessions;
    private Optional<Handshake> remembered = Optional.empty();
    /** The client capabilities that child had been told. */
    private byte[] rememberedFor = {};
    private final Map<String, byte[]> pages = new HashMap<>();
    /** Those of the latest child. */
    private Optional<Pending> pending = Optional.empty();

    ColdStart(
            Profiles profiles, Greeting greeting, OwnRequests own, ListCache lists, KnownReads reads, Sessions sessions) {
        this.profiles = profiles;
        this.greeting = greeting;
        this.own = own;
        this.lists = lists;
        this.reads = reads;
        this.sessions = sessions;
    }

    /** The handshake of the last child that was told the same, for clients that come before the new one is ready. */
    Optional<Handshake> handshake() {
        byte[] declared = greeting.declared();
        if (!Arrays.equals(declared, rememberedFor)) {
            rememberedFor = declared;
            remembered = profiles.load(declared).flatMap(this::recall);
        }
        return remembered;
    }

    private Optional<Handshake> recall(Profiles.Profile profile) {
        Optional<Handshake> handshake = Message.read(Frame.of(profile.initialize())) instanceof Message.Response answer
                ? Handshake.of(answer)
                : Optional.empty();
        if (handshake.isPresent()) {
            profile.pages().forEach(this::recall);
        }
        return handshake;
    }

    private void recall(String method, byte[] page) {
        pages.put(method, page);
        lists.recall(method, page);
    }

    /** What clients are told of a handshake: with the announcements that mpx makes itself. */
    Handshake asTold(Handshake handshake) {
        return isOn() ? handshake.announcing() : handshake;
    }

    /** Without a memory there is nothing to compare with. */
    private boolean isOn() {
        return profiles != Profiles.NONE;
    }

    /**
     * The child is ready: its lists are asked for, before any call is handed to a child that answers in order.
     *
     * @param then run once they are all answered, which may be now
     */
    void onReady(Handshake handshake, Runnable then) {
        if (!isOn()) {
            then.run();
            return;
        }
        remembered = Optional.of(handshake);
        rememberedFor = greeting.declared();
        pages.keySet().removeIf(method -> Arrays.stream(Listing.values())
                .noneMatch(list -> list.method.equals(method) && handshake.offers(list.capability)));
        Set<Listing> offered = EnumSet.noneOf(Listing.class);
        Arrays.stream(Listing.values()).filter(list -> handshake.offers(list.capability)).forEach(offered::add);
        Pending lists = new Pending(handshake, offered, then);
        pending = Optional.of(lists);
        lists.endIfComplete();
        for (Listing list : List.copyOf(offered)) {
            own.askInTurn(list.method, Json.EMPTY_OBJECT, lists.of(list));
        }
    }

    /** Not all of them came in time: what is there is kept without them. */
    void goOnWithoutFirstLists() {
        pending.ifPresent(Pending::saveIncomplete);
    }

    private void onPage(Listing list, Message.Response response, JsonValue result) {
        if (list == Listing.TOOLS) {
            reads.onTools(response);
        }
        if (result.length() > ListCache.LARGEST_PAGE) {
            forget(list);
            return;
        }
        byte[] page = result.toBytes();
        byte[] before = pages.put(list.method, page);
        lists.recall(list.method, page);
        if (before != null && !Arrays.equals(before, page)) {
            sessions.broadcast(Notices.changed(list.changed));
        }
    }

    private void forget(Listing list) {
        pages.remove(list.method);
        lists.forget(list.method);
    }

    /** The first lists of one child, being asked for. */
    private final class Pending {
        private final Handshake handshake;
        private final Set<Listing> missing;
        private final Runnable then;

        private Pending(Handshake handshake, Set<Listing> missing, Runnable then) {
            this.handshake = handshake;
            this.missing = missing;
            this.then = then;
        }

        private OwnRequests.Outcome of(Listing list) {
            return new OwnRequests.Outcome() {
                @Override
                public void onAnswer(Message.Response response) {
                    response.result().ifPresentOrElse(result -> onPage(list, response, result), () -> forget(list));
                    oneLess(list);
                }

                @Override
                public void onUnreadable() {
                    forget(list);
                    oneLess(list);
                }
            };
        }

        private void oneLess(Listing list) {
            missing.remove(list);
            endIfComplete();
        }

        private void endIfComplete() {
            if (missing.isEmpty()) {
                save(pages);
                then.run();
            }
        }

        private void saveIncomplete() {
            Map<String, byte[]> present = new HashMap<>(pages);
            missing.forEach(list -> present.remove(list.method));
            save(present);
        }

        private void save(Map<String, byte[]> all) {
            profiles.save(greeting.declared(), new Profiles.Profile(handshake.bytes(), all));
        }
    }
}
