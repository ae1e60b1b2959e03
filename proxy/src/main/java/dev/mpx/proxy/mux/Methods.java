package dev.mpx.proxy.mux;

/** Methods and members of the Model Context Protocol, revisions 2024-11-05 to 2025-11-25, as the specification spells them. */
final class Methods {
    static final String INITIALIZE = "initialize";
    static final String PING = "ping";
    static final String DISCOVER = "server/discover";
    static final String SET_LEVEL = "logging/setLevel";
    static final String SUBSCRIBE = "resources/subscribe";
    static final String UNSUBSCRIBE = "resources/unsubscribe";
    static final String TOOLS_LIST = "tools/list";
    static final String PROMPTS_LIST = "prompts/list";
    static final String RESOURCES_LIST = "resources/list";
    static final String TEMPLATES_LIST = "resources/templates/list";
    static final String TOOLS_CALL = "tools/call";
    static final String PROMPTS_GET = "prompts/get";
    static final String TASKS_GET = "tasks/get";
    static final String TASKS_RESULT = "tasks/result";
    static final String TASKS_CANCEL = "tasks/cancel";
    static final String TASKS_LIST = "tasks/list";

    static final String SAMPLING = "sampling/createMessage";
    static final String ELICITATION = "elicitation/create";
    static final String ROOTS = "roots/list";

    static final String INITIALIZED = "notifications/initialized";
    static final String CANCELLED = "notifications/cancelled";
    static final String PROGRESS = "notifications/progress";
    static final String LOG_MESSAGE = "notifications/message";
    static final String RESOURCE_UPDATED = "notifications/resources/updated";
    static final String ROOTS_CHANGED = "notifications/roots/list_changed";
    static final String TOOLS_CHANGED = "notifications/tools/list_changed";
    static final String PROMPTS_CHANGED = "notifications/prompts/list_changed";
    static final String RESOURCES_CHANGED = "notifications/resources/list_changed";
    static final String TASK_STATUS = "notifications/tasks/status";
    static final String ELICITATION_COMPLETE = "notifications/elicitation/complete";

    /** mpx's own methods begin with this. */
    static final String CONTROL_PREFIX = "mpx/";

    static final String META = "_meta";
    static final String PROGRESS_TOKEN = "progressToken";
    static final String REQUEST_ID = "requestId";
    static final String RELATED_TASK = "io.modelcontextprotocol/related-task";
    static final String TASK = "task";
    static final String TASK_ID = "taskId";

    private Methods() {}
}
