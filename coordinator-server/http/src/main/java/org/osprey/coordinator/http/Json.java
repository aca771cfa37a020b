package org.osprey.coordinator.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the API writes it: snake case, lower-case constants, nothing for what is not there. */
public final class Json implements io.javalin.json.JsonMapper {
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  @Override
  public String toJsonString(Object object, Type type) {
    return MAPPER.writeValueAsString(object);
  }

  /**
   * Reads a request body.
   *
   * @throws ProblemException naming the field that is wrong
   */
  public static <T> T read(byte[] body, Class<T> type) {
    try {
      return MAPPER.readValue(body, type);
    } catch (JacksonException e) {
      throw ProblemException.badRequest(e.getOriginalMessage());
    }
  }
}
