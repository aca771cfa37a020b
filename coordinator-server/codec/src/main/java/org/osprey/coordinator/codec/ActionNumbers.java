package org.osprey.coordinator.codec;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The action names of {@code osprey.rpc.actions.v1.Action}, by the number of the field that holds
 * the action.
 */
public record ActionNumbers(Map<Integer, String> names) {
  /** Field 1 is the action's id. */
  private static final int FIRST = 2;

  private static final int LAST = (1 << 29) - 1;

  /** The names that every Osprey installation knows. */
  public static final ActionNumbers BUILT_IN =
      new ActionNumbers(
          Map.ofEntries(
              Map.entry(2, "auth_session_created"),
              Map.entry(3, "auth_session_modified"),
              Map.entry(4, "user_flink_application_scored"),
              Map.entry(5, "guild_flink_application_scored"),
              Map.entry(6, "guild_created"),
              Map.entry(7, "user_batch_ml_score"),
              Map.entry(8, "user_blocked"),
              Map.entry(9, "guild_joined"),
              Map.entry(10, "osprey_auto_clustering_user"),
              Map.entry(11, "osprey_auto_clustering_key"),
              Map.entry(12, "hash_matcher_icon_matched"),
              Map.entry(13, "safety_visual_prediction")));

  public ActionNumbers {
    names.forEach(ActionNumbers::check);
    names = Map.copyOf(names);
  }

  /** These and an operator's own. A known number cannot get another name. */
  public ActionNumbers with(Map<Integer, String> more) {
    Map<Integer, String> all = new HashMap<>(names);
    more.forEach((number, name) -> putNew(all, number, name));
    return new ActionNumbers(all);
  }

  /** Null for an unknown number. */
  @Nullable String name(int number) {
    return names.get(number);
  }

  private static void putNew(Map<Integer, String> all, int number, String name) {
    String known = all.putIfAbsent(number, name);
    if (known != null && !known.equals(name)) {
      throw new IllegalArgumentException(
          "action number " + number + " is " + known + " already, got " + name);
    }
  }

  private static void check(int number, String name) {
    if (number < FIRST || number > LAST) {
      throw new IllegalArgumentException(
          "action number must be " + FIRST + " to " + LAST + ", got " + number);
    }
    try {
      Names.check("the name of action number " + number, name);
    } catch (UndecodableException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
