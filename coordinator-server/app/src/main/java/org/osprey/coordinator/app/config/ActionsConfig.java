package org.osprey.coordinator.app.config;

import java.util.Map;
import org.osprey.coordinator.settings.Rules;

/**
 * What is known of the actions.
 *
 * @param numbers names of actions by their protobuf field number, beyond those that are built in
 */
public record ActionsConfig(Map<Integer, String> numbers) {
  private static final int LARGEST_FIELD = 536_870_911;

  public ActionsConfig {
    Rules rules = new Rules();
    numbers.forEach(
        (number, name) ->
            rules
                .that(
                    number >= 2 && number <= LARGEST_FIELD,
                    number,
                    "a field number from 2 to " + LARGEST_FIELD,
                    "numbers",
                    number.toString())
                .notBlank(name, "numbers", number.toString()));
    rules.check();
    numbers = Map.copyOf(numbers);
  }
}
