package org.osprey.coordinator.codec;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * The one way JSON is read here: strictly, in one pass, within limits that every worker shares.
 *
 * <p>What goes wrong is told by kind and byte offset. The parser's own messages quote the source,
 * so they neither become ours nor travel along as a cause.
 */
final class JsonReader {
  /** Bounds every string too, because the parser does not measure strings it only skips. */
  static final int MAX_BYTES = 16 << 20;

  /** Python gives up at about 1000 calls deep. */
  static final int MAX_DEPTH = 500;

  /** Python refuses integers over 4300 digits. */
  static final int MAX_NUMBER_LENGTH = 1000;

  /** The parser remembers up to 6000 names, so long ones would cost memory for good. */
  static final int MAX_NAME_LENGTH = 4096;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(MAX_NAME_LENGTH)
                  .maxStringLength(MAX_BYTES)
                  .build())
          // Not per thread: with virtual threads each buffer would be used once.
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Workers expect UTF-8; anything else is then simply broken JSON.
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .build();

  /** Takes in an object: called at its start, has to leave the parser at its end. */
  @FunctionalInterface
  interface Visitor<T> {
    T visit(JsonParser parser) throws UndecodableException;
  }

  private JsonReader() {}

  /** Offsets in what is thrown count from {@code offset}. */
  static <T> T read(byte[] bytes, int offset, int length, Visitor<T> visitor)
      throws UndecodableException {
    if (length == 0) {
      throw new UndecodableException("is empty, want a JSON object");
    }
    if (length > MAX_BYTES) {
      throw new UndecodableException("has " + length + " bytes, want at most " + MAX_BYTES);
    }
    int badByte = Utf8.firstBadByte(bytes, offset, length);
    if (badByte >= 0) {
      throw new UndecodableException("is not valid UTF-8 at byte " + badByte);
    }
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      return readObject(parser, visitor);
    }
  }

  private static <T> T readObject(JsonParser parser, Visitor<T> visitor)
      throws UndecodableException {
    try {
      requireObject(parser.nextToken());
      T result = visitor.visit(parser);
      if (parser.nextToken() != null) {
        throw new UndecodableException("has more than one value" + at(parser));
      }
      return result;
    } catch (JacksonException e) {
      throw new UndecodableException(problem(parser, e) + at(parser));
    }
  }

  private static void requireObject(@Nullable JsonToken first) throws UndecodableException {
    if (first == null) {
      throw new UndecodableException("is blank, want a JSON object");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new UndecodableException("is a JSON " + JsonValue.kind(first) + ", want an object");
    }
  }

  private static String problem(JsonParser parser, JacksonException e) {
    if (e instanceof UnexpectedEndOfInputException) {
      return "is JSON that is cut short";
    }
    if (!(e instanceof StreamConstraintsException)) {
      return "is not valid JSON, first error";
    }
    if (parser.streamReadContext().getNestingDepth() > MAX_DEPTH) {
      return "is nested deeper than " + MAX_DEPTH;
    }
    return "has a number longer than "
        + MAX_NUMBER_LENGTH
        + " or a key longer than "
        + MAX_NAME_LENGTH;
  }

  private static String at(JsonParser parser) {
    return " at byte " + parser.currentLocation().getByteOffset();
  }
}
