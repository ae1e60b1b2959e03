package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;

/** Where the one response to a request goes: straight to the session, or into the batch it came in. */
interface ReplyTo {
    /** Delivers the response; called at most once. */
    void reply(Frame response);

    /** There will be no response: the client has cancelled the request. Called instead of {@link #reply}. */
    void forgo();
}
