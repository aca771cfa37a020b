package org.osprey.coordinator.app.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.osprey.coordinator.settings.ConfigException;

/**
 * A target for Jazzer. As a plain test it takes the inputs of its folder; {@code scripts/fuzz.sh}
 * looks for more.
 */
class ConfigFuzzTest {

  @FuzzTest
  void file(@NotNull String yaml) {
    try {
      ConfigFiles.load(yaml);
    } catch (ConfigException e) {
      // Names what is wrong.
    }
  }
}
