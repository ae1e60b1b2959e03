package dev.mpx.proxy.agents;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether two configurations say the same. Stateless. */
final class Likeness {
    private Likeness() {}

    /** Aside from what stands at these paths, and from tables that hold nothing else. */
    static boolean isSameBut(Map<String, Object> one, Map<String, Object> other, List<List<String>> paths) {
        Object first = copy(one);
        Object second = copy(other);
        paths.forEach(path -> {
            remove(first, path);
            remove(second, path);
        });
        return first.equals(second);
    }

    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((name, each) -> copy.put(name, copy(each)));
            return copy;
        }
        return value instanceof List<?> list ? new ArrayList<>(list.stream().map(Likeness::copy).toList()) : value;
    }

    /** @return whether nothing is left of it */
    private static boolean remove(Object from, List<String> path) {
        String name = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (from instanceof Map<?, ?> map) {
            if (map.containsKey(name) && (rest.isEmpty() || remove(map.get(name), rest))) {
                map.remove(name);
            }
            return map.isEmpty();
        }
        if (from instanceof List<?> list && name.matches("\\d{1,6}") && Integer.parseInt(name) < list.size() && !rest.isEmpty()) {
            remove(list.get(Integer.parseInt(name)), rest); // an element stays, so that the others keep their numbers
        }
        return false;
    }
}
