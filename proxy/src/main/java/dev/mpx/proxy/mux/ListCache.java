package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * First pages of the lists as the child last gave them. Kept only where the child announces changes (or its traits
 * say that nothing changes), and dropped when it does.
 */
final class ListCache implements RequestRule {
    /** What is kept of one list; larger first pages are asked for each time. */
    static final int LARGEST_PAGE = 1 << 20;

    /** The list each change notification is about; resources and their templates change together. */
    private static final Map<String, String[]> CHANGED = Map.of(
            Methods.TOOLS_CHANGED, new String[] {Methods.TOOLS_LIST},
            Methods.PROMPTS_CHANGED, new String[] {Methods.PROMPTS_LIST},
            Methods.RESOURCES_CHANGED, new String[] {Methods.RESOURCES_LIST, Methods.TEMPLATES_LIST});

    private final Predicate<String> announcesChanges;
    private final BooleanSupplier childIsReady;
    private final ToolLists tools;
    private final Map<String, byte[]> pages = new HashMap<>();
    /** What clients are told while no child is ready. */
    private final Map<String, byte[]> recalled = new HashMap<>();
    private final Map<Call, Long> asked = new HashMap<>();
    private long generation;

    /** @param announcesChanges whether the child says so when the list of this method changes */
    ListCache(ToolLists tools, Predicate<String> announcesChanges, BooleanSupplier childIsReady) {
        this.tools = tools;
        this.announcesChanges = announcesChanges;
        this.childIsReady = childIsReady;
    }

    @Override
    public Verdict onRequest(Session session, Message.Request request) {
        byte[] page = isFirstPage(request) ? page(request.method()) : null;
        return page == null ? Verdict.FORWARD : new Verdict.Answer(page);
    }

    private byte[] page(String method) {
        byte[] page = pages.get(method);
        return page != null || childIsReady.getAsBoolean() ? page : recalled.get(method);
    }

    /** The first page as the last child gave it. */
    void recall(String method, byte[] page) {
        recalled.put(method, method.equals(Methods.TOOLS_LIST) ? tools.adapted(page) : page);
    }

    /** There is no first page to be told of any more. */
    void forget(String method) {
        recalled.remove(method);
    }

    private static boolean isFirstPage(Message.Request request) {
        return request.params().flatMap(p -> p.get("cursor")).isEmpty();
    }

    @Override
    public Verdict onTurn(Call call) {
        Message.Request request = call.request.orElseThrow();
        Verdict verdict = onRequest(call.session, request);
        // it may have been asked of a child that has died since
        asked.remove(call);
        if (verdict == Verdict.FORWARD && isFirstPage(request) && announcesChanges.test(call.method)) {
            asked.put(call, generation);
        }
        return verdict;
    }

    @Override
    public Frame onResponse(Call call, Message.Response answer) {
        Message.Response response = call.method.equals(Methods.TOOLS_LIST) ? tools.adapted(answer) : answer;
        Optional<Long> askedAt = Optional.ofNullable(asked.remove(call));
        if (askedAt.filter(g -> g == generation).isPresent()) {
            response.result().filter(r -> r.length() <= LARGEST_PAGE).ifPresent(r -> pages.put(call.method, r.toBytes()));
        }
        return response.frame();
    }

    @Override
    public void onLost(Call call) {
        asked.remove(call);
    }

    /** A list has changed: answers on their way may be older than the change and are not kept either. */
    void onChanged(String notification) {
        generation++;
        if (notification.equals(Methods.TOOLS_CHANGED)) {
            tools.forget();
        }
        for (String method : CHANGED.getOrDefault(notification, new String[0])) {
            pages.remove(method);
            recalled.remove(method);
        }
    }

    /** The child is a new one. */
    void clear() {
        generation++;
        pages.clear();
        tools.forget();
    }

    /** Lists that the child has been asked for and that may be kept. */
    int size() {
        return asked.size();
    }
}
