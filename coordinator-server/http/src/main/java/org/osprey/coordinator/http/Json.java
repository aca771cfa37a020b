package org.osprey.coordinator.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.Type;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
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
   * Reads a request body that is an object.
   *
   * @throws ProblemException naming the field that is wrong
   */
  public static <T> T read(byte[] body, Class<T> type) {
    try {
      JsonNode tree = MAPPER.readTree(body);
      if (!tree.isObject()) {
        throw ProblemException.badRequest("the body is no JSON object, want an object");
      }
      return MAPPER.treeToValue(tree, type);
    } catch (UnrecognizedPropertyException e) {
      throw ProblemException.badRequest(
          "%s: unknown field, want one of %s"
              .formatted(path(e), String.valueOf(e.getKnownPropertyIds())));
    } catch (DatabindException e) {
      throw ProblemException.badRequest(path(e) + ": " + firstLine(e));
    } catch (JacksonException e) {
      throw ProblemException.badRequest("the body is not valid JSON: " + firstLine(e));
    }
  }

  private static String path(DatabindException e) {
    return e.getPath().stream()
        .map(
            step ->
                step.getPropertyName() == null
                    ? "[" + step.getIndex() + "]"
                    : step.getPropertyName())
        .collect(Collectors.joining("."));
  }

  /** Without the places in our code that Jackson appends. */
  private static String firstLine(JacksonException e) {
    return e.getOriginalMessage().replaceAll("`[\\w.$]*[.$](\\w+)(\\[\\])?`", "`$1`");
  }
}
